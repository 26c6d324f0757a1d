/** A small line of a few sizes, from left to right. */
export function Sparkline({ values, label, width = 76, height = 22 }: { values: number[]; label: string; width?: number; height?: number }) {
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const x = (i: number) => 2 + (i * (width - 4)) / Math.max(values.length - 1, 1);
  const y = (v: number) => height - 3 - ((v - low) / span) * (height - 6);
  const points = values.map((v, i) => `${x(i).toFixed(1)},${(Math.max(...values) === low ? height / 2 : y(v)).toFixed(1)}`);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <polyline points={points.join(" ")} fill="none" stroke="var(--accent)" strokeWidth="1.6" strokeLinejoin="round" strokeLinecap="round" />
      <circle cx={x(values.length - 1)} cy={points.at(-1)?.split(",")[1]} r="2.2" fill="var(--accent)" />
    </svg>
  );
}
