/** Looks of the pictures: what is bright, dark or past, at a desk and on a phone. */

export const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 780 }, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true },
};

/** In the order in which they are taken: dark is light without another load. */
export const LOOKS = Object.keys(DEVICES).flatMap((device) => [
  { device, name: 'light', scheme: 'light', isPast: false },
  { device, name: 'dark', scheme: 'dark', isPast: false },
  { device, name: 'past', scheme: 'light', isPast: true },
]);
