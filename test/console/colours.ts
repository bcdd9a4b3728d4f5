/** Colours of the console's tokens: OKLCH to sRGB, and contrast as WCAG 2 defines it. */

/** Linear sRGB, 0 to 1, with the part of it that covers what is below. */
export interface Colour {
  readonly rgb: readonly [number, number, number];
  readonly alpha: number;
}

/** Reads `oklch(0.5 0.13 28 / 0.2)`. @throws Error for any other form */
export function readColour(text: string): Colour {
  const found = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)$/.exec(text);
  if (!found) throw new Error(`Not a colour that this reads: ${text}`);
  const [lightness = 0, chroma = 0, hue = 0] = found.slice(1, 4).map(Number);
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  return {
    rgb: [
      clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
      clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
      clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    ],
    alpha: found[4] === undefined ? 1 : Number(found[4]),
  };
}

const encode = (value: number): number =>
  value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
const decode = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

/** A colour on another, mixed as browsers mix: by encoded values. */
export function over(top: Colour, below: Colour): Colour {
  const mix = (index: 0 | 1 | 2): number =>
    decode(encode(top.rgb[index]) * top.alpha + encode(below.rgb[index]) * (1 - top.alpha));
  return { rgb: [mix(0), mix(1), mix(2)], alpha: 1 };
}

const luminance = ({ rgb: [red, green, blue] }: Colour): number =>
  0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** Contrast of a colour on a background, 1 to 21. */
export function contrast(top: Colour, background: Colour): number {
  const [light = 0, dark = 0] = [luminance(over(top, background)), luminance(background)].sort(
    (a, b) => b - a,
  );
  return (light + 0.05) / (dark + 0.05);
}
