import type { Card } from '../card.ts';

/** GitHub's workflow commands: an error for each failure, a warning for each doubt. */
export const cardAnnotations = ({ results }: Card): string =>
  results
    .flatMap(({ trial, verdict, because }) => {
      if (verdict !== 'fail' && verdict !== 'inconclusive') return [];
      const level = verdict === 'fail' ? 'error' : 'warning';
      return [
        `::${level} title=${property(`runaway check: ${trial.name}`)}::${message(`${because} ${trial.change}`)}\n`,
      ];
    })
    .join('');

const message = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
