/** A number as people read it: 1234567 → "1,234,567"; fractions with at most three digits. */
export function number(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 10 ? 3 : 1 });
}

/** Bytes in a fitting unit of 1024. */
export function bytes(value: number): string {
  if (value < 1024) return `${number(value)} bytes`;
  return value < 1024 * 1024 ? `${number(value / 1024)} KiB` : `${number(value / (1024 * 1024))} MiB`;
}

/** A part of a whole in percent: "41.5 %"; what is not nothing never reads as 0 %. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return "";
  const value = (100 * part) / whole;
  return value > 0 && value < 0.1 ? "< 0.1 %" : `${value.toLocaleString("en-US", { maximumFractionDigits: 1 })} %`;
}

/** Ticks from 0 to a number of bytes at steps that are powers of two: about `count` of them. */
export function byteTicks(most: number, count: number): number[] {
  if (most <= 0) return [0];
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(most / count)));
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}
