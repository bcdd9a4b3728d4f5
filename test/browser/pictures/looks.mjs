/** Looks of the pictures: what is bright, dark or past, at a desk and on a phone. */

const DESKTOP = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 };
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true };

const look = (device, name, context, scheme, isPast = false) => ({ device, name, context, scheme, isPast });

export const LOOKS = [
  look('desktop', 'light', DESKTOP, 'light'),
  look('desktop', 'dark', DESKTOP, 'dark'),
  look('desktop', 'past', DESKTOP, 'light', true),
  look('phone', 'light', PHONE, 'light'),
  look('phone', 'dark', PHONE, 'dark'),
  look('phone', 'past', PHONE, 'light', true),
];
