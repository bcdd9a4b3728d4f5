import type { ReactNode } from 'react';

/** All icons: 16 by 16, drawn with a line of 1.5 in the colour of the text around, hidden from screen readers. */
const PATHS = {
  account: (
    <>
      <circle cx="8" cy="5.5" r="2.75" />
      <path d="M2.75 13.5c.6-2.6 2.6-4 5.25-4s4.65 1.4 5.25 4" />
    </>
  ),
  add: <path d="M8 3v10M3 8h10" />,
  back: <path d="m10 4-4 4 4 4" />,
  check: <path d="m3.5 8.5 3 3 6-7" />,
  chevron: <path d="m6 4 4 4-4 4" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  copy: <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" />,
  descending: <path d="M8 3v10M4.5 9.5 8 13l3.5-3.5" />,
  ascending: <path d="M8 13V3M4.5 6.5 8 3l3.5 3.5" />,
  dots: (
    <g fill="currentColor" stroke="none">
      <circle cx="3" cy="8" r="1.25" />
      <circle cx="8" cy="8" r="1.25" />
      <circle cx="13" cy="8" r="1.25" />
    </g>
  ),
  first: <path d="m11.5 4-4 4 4 4M4.5 4v8" />,
  key: (
    <>
      <circle cx="5" cy="8" r="2.5" />
      <path d="M7.5 8h6v2.5M11 8v2" />
    </>
  ),
  last: <path d="m4.5 4 4 4-4 4M11.5 4v8" />,
  minus: <path d="M3.5 8h9" />,
  past: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 5v3.25l2 1.5" />
    </>
  ),
  pause: <path d="M5.5 4v8M10.5 4v8" />,
  play: <path d="M5 3.5v9l7-4.5z" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4" />
      <path d="m10 10 3.5 3.5" />
    </>
  ),
  undo: <path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M6 3 2.5 6.5 6 10" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

/** An icon. It says nothing to a screen reader: the name of a control is its label. */
export function Icon({
  name,
  className,
}: {
  readonly name: IconName;
  readonly className?: string;
}): ReactNode {
  return (
    <svg
      className={className}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {PATHS[name]}
    </svg>
  );
}
