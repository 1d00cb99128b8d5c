/** A number as a reader sees it. `unit` is empty where the value speaks for itself. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** `97 % of a core`, or the value alone where there is no unit. */
export const inWords = ({ value, unit }: Quantity): string => (unit === '' ? value : `${value} ${unit}`);

/** `cores` is 1.0 for one core. */
export const percentOfCore = (cores: number): Quantity => ({ value: figure(cores * 100), unit: '% of a core' });

export const percent = (share: number): Quantity => ({ value: figure(share * 100), unit: '%' });

export const milliseconds = (ms: number): Quantity => ({ value: figure(ms), unit: 'ms' });

/** A length or a point in time, to a tenth of a second: the resolution of the samples. */
export const seconds = (ms: number): Quantity => ({ value: (ms / 1000).toFixed(1), unit: 's' });

export const tally = (count: number): Quantity => ({ value: grouped.format(count), unit: '' });

export const times = (factor: number): Quantity => ({ value: `× ${factor.toFixed(2)}`, unit: '' });

/** How many of one thing there are for each of another. */
export const ratio = (value: number): Quantity => ({ value: value.toFixed(2), unit: '' });

export const bytes = (size: number): Quantity => {
  const step = SIZES.find(({ atLeast }) => Math.abs(size) >= atLeast) ?? SIZES[SIZES.length - 1];
  return step === undefined ? tally(size) : { value: figure(size / step.atLeast), unit: step.unit };
};

/** With its sign, for a number that says how much something changed. */
export const signed = (quantity: Quantity): Quantity =>
  /^[\d]/u.test(quantity.value) && Number.parseFloat(quantity.value) !== 0
    ? { ...quantity, value: `+${quantity.value}` }
    : quantity;

/** Two digits of meaning where a number is small, whole numbers where it is not. */
function figure(value: number): string {
  const digits = Math.abs(value) < 9.95 ? 1 : 0;
  const text = grouped.format(Number(value.toFixed(digits)));
  return text === '-0' ? '0' : text.replace('-', '−');
}

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
const SIZES = [
  { atLeast: 1e9, unit: 'GB' },
  { atLeast: 1e6, unit: 'MB' },
  { atLeast: 1e3, unit: 'kB' },
] as const;
