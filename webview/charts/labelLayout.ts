// Where the labels of chart points go so that they do not cover each other: greedy, most important first.

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface LabelRequest {
  readonly text: string;
  /** Centre of the point, pixels. */
  readonly x: number;
  readonly y: number;
  /** Free room to keep around the point. */
  readonly radius: number;
  readonly width: number;
  readonly height: number;
  /** Placed even where it must cover something. */
  readonly required: boolean;
}

export interface PlacedLabel {
  readonly text: string;
  readonly box: Box;
}

/** Sides of the point in order of liking: above right, right, left, below … as (x, y) directions. */
const SIDES: readonly (readonly [number, number])[] = [
  [0.7, -0.7],
  [1, 0],
  [-0.7, -0.7],
  [-1, 0],
  [0.7, 0.7],
  [-0.7, 0.7],
  [0, -1],
  [0, 1],
];

/** Places what fits inside the area without touching an obstacle or another label; drops the rest unless required. */
export function placeLabels(
  requests: readonly LabelRequest[],
  area: Box,
  obstacles: readonly Box[],
): PlacedLabel[] {
  const taken = [...obstacles];
  const placed: PlacedLabel[] = [];
  const ordered = [...requests].sort((a, b) => Number(b.required) - Number(a.required));
  for (const request of ordered) {
    const boxes = SIDES.map((side) => boxAt(request, side));
    const inside = boxes.filter((box) => contains(area, box));
    const box = inside.find((candidate) => !taken.some((other) => overlap(candidate, other)));
    const chosen = box ?? (request.required ? (inside[0] ?? boxes[0]) : undefined);
    if (!chosen) continue;
    taken.push(chosen);
    placed.push({ text: request.text, box: chosen });
  }
  return placed;
}

export function overlap(a: Box, b: Box): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}

function boxAt({ x, y, radius, width, height }: LabelRequest, [dx, dy]: readonly [number, number]): Box {
  const centreX = x + dx * radius + (Math.sign(dx) * width) / 2;
  const centreY = y + dy * radius + (Math.abs(dx) === 1 ? 0 : (Math.sign(dy) * height) / 2);
  return { left: centreX - width / 2, top: centreY - height / 2, width, height };
}

function contains(area: Box, box: Box): boolean {
  return (
    box.left >= area.left &&
    box.top >= area.top &&
    box.left + box.width <= area.left + area.width &&
    box.top + box.height <= area.top + area.height
  );
}
