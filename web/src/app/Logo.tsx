/** Two groups and their intersection. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="#1d5f55" />
      <circle cx="12.5" cy="16" r="7" fill="none" stroke="#fff" strokeWidth="2.4" />
      <circle cx="19.5" cy="16" r="7" fill="none" stroke="#ffd08a" strokeWidth="2.4" />
    </svg>
  );
}
