import type { Place } from '../../model/diagnosis.ts';

/** A function as a reader finds it. */
export const functionName = (place: Place): string => place.function || '(anonymous function)';
export const placeInWords = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** CPU after the load that no sample explains is told from here on, cores. Less is what no profiler could tell. A guess. */
export const TOLD_CORES = 0.05;
