// The editor's theme as numbers: resolves the roles that styles/theme.css derives from --vscode-* variables, for the
// canvas and for the heat ramp, and tells the views when the user switches themes.

import { cssColour, over, parseColour, type Rgb } from './colour.ts';
import { heatRamp } from './heatScale.ts';

/** Custom properties `--bl-<role>` of styles/theme.css. */
const ROLES = [
  'background',
  'foreground',
  'muted',
  'grid',
  'front',
  'uniform',
  'dominated',
  'chosen',
  'active',
  'focus',
  'limit',
  'float',
  'warm',
  'hot',
] as const;

export type Role = (typeof ROLES)[number];

export interface Theme {
  /** Each role as an opaque CSS colour on the editor's background. */
  readonly colours: Readonly<Record<Role, string>>;
  readonly highContrast: boolean;
  readonly fontFamily: string;
  /** Pixels. */
  readonly fontSize: number;
}

const heatSheet = new CSSStyleSheet();

/** Reads the theme, paints the heat levels, and calls back after each change of theme or of its variables. */
export function watchTheme(changed: (theme: Theme) => void): Theme {
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, heatSheet];
  let pending = false;
  const observer = new MutationObserver(() => {
    if (pending) return;
    pending = true;
    // VS Code writes several hundred variables and then the class: one reading for all of them.
    requestAnimationFrame(() => {
      pending = false;
      changed(readTheme());
    });
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] });
  return readTheme();
}

function readTheme(): Theme {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const resolve = (value: string): string => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const background = opaque(resolve('var(--bl-background)'), opaque(resolve('Canvas'), [0, 0, 0]));
  const rgb = Object.fromEntries(
    ROLES.map((role) => [role, opaque(resolve(`var(--bl-${role})`), background)]),
  ) as Record<Role, Rgb>;
  probe.remove();
  const highContrast = document.body.classList.contains('vscode-high-contrast');
  paintHeat(rgb, highContrast);
  const body = getComputedStyle(document.body);
  return {
    colours: Object.fromEntries(ROLES.map((role) => [role, cssColour(rgb[role])])) as Record<Role, string>,
    highContrast,
    fontFamily: body.fontFamily,
    fontSize: Number.parseFloat(body.fontSize),
  };
}

function opaque(text: string, background: Rgb): Rgb {
  const colour = parseColour(text);
  return colour ? over(colour, background) : background;
}

/**
 * One rule a level, with plain values: custom properties on every cell would make the browser resolve each one anew,
 * which takes seconds for a thousand layers.
 */
function paintHeat(rgb: Readonly<Record<Role, Rgb>>, highContrast: boolean): void {
  const ramp = heatRamp(rgb.background, rgb.warm, rgb.hot, rgb.foreground);
  const rules = ramp.map(({ fill, ink }, level) =>
    highContrast
      ? `body.vscode-high-contrast .heatmap .heat-${level}{background-size:${(level / (ramp.length - 1)) * 100}% 4px}`
      : `.heat-${level}{background-color:${cssColour(fill)};color:${cssColour(ink)}}`,
  );
  const stops = ramp.map(({ fill }) => cssColour(fill)).join(',');
  rules.push(`:root{--heat-gradient:linear-gradient(to right,${stops})}`);
  heatSheet.replaceSync(rules.join('\n'));
}
