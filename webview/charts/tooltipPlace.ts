// Where a tooltip goes: beside its point on the roomier side, never outside the chart.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

const GAP = 12;

export function tooltipPlace(anchor: Spot, tip: Size, room: Size): Spot {
  const right = anchor.x + GAP;
  const left = anchor.x - GAP - tip.width;
  const x = right + tip.width <= room.width ? right : left >= 0 ? left : (room.width - tip.width) / 2;
  // Too narrow for either side: above or below, so that the point itself stays visible.
  const beside = x === right || x === left;
  const wanted = beside ? anchor.y - tip.height / 2 : anchor.y - GAP - tip.height;
  const y = !beside && wanted < 0 ? anchor.y + GAP : wanted;
  return { x: Math.max(0, x), y: Math.min(Math.max(0, y), Math.max(0, room.height - tip.height)) };
}
