/** A number as people read it: 1234567 → "1,234,567"; fractions with at most three digits. */
export function number(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 10 ? 3 : 1 });
}
