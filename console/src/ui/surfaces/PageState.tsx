import type { ReactNode } from 'react';

interface Props {
  /** Name of the page, for whoever finds the way by headings. */
  readonly title: string;
  readonly children: ReactNode;
}

/** Place holder of a page that is not there yet, or not at all, with its heading. */
export function PageState({ title, children }: Props): ReactNode {
  return (
    <>
      <h1 className="visually-hidden">{title}</h1>
      {children}
    </>
  );
}
