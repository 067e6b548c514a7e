// Money is whole kuruş. Only its texts have a point or a comma.

/** `"1234.50"` or `1234.5`, as the APIs write it → 123450. */
export function kurus(amount) {
  const [whole, part = ''] = String(amount).split('.');
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(part) || /[1-9]/.test(part.slice(2))) throw new Error(`no amount: ${amount}`);
  return Number(whole) * 100 + Number(part.slice(0, 2).padEnd(2, '0'));
}

/** 123450 → 1234.5, for the SDK, which takes numbers. */
export const number = (amount) => Number(`${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, '0')}`);

/** 123450 → `1.234,50 TL` */
export function lira(amount) {
  const whole = String(Math.trunc(amount / 100)).replace(/\B(?=(\d{3})+$)/g, '.');
  return `${whole},${String(amount % 100).padStart(2, '0')} TL`;
}
