/** A stonechat: the bird. */
export const Mark = ({ size = 28 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" fill="#0b6a6f" />
    <path d="M7 19c0-6 4-10 9-10 3 0 5 1.500 6 3.500l4 1-4 2c-.5 5-4 8.500-9 8.500-3 0-6-2-6-5Z" fill="#fff" />
    <circle cx="18" cy="13.500" r="1.500" fill="#0b6a6f" />
    <path d="M10 20c2 1.500 5 1.500 7-.5" stroke="#d9673c" strokeWidth="2" fill="none" strokeLinecap="round" />
  </svg>
)
