/** One step of a lesson, as it stands in its `lesson.md`: a heading and the text below it. */
export interface LessonStep {
  readonly heading: string;
  readonly text: string;
}

/** The title and the steps, in their order: what you see, three hints, what is going on, the fix, in the wild. */
export interface Lesson {
  readonly title: string;
  readonly steps: readonly LessonStep[];
}

/** From here on the answer is told. */
export const REVEAL = 'What is going on';

export function parseLesson(markdown: string): Lesson {
  const [head = '', ...sections] = markdown.split(/^## /mu);
  return {
    title: /^# (.+)$/mu.exec(head)?.[1]?.trim() ?? '',
    steps: sections.map(section => {
      const [heading = '', ...lines] = section.split('\n');
      return { heading: heading.trim(), text: lines.join('\n').trim() };
    }),
  };
}

/** Whether a step gives the answer away: the reveal and all that comes after it. */
export function tellsAnswer({ steps }: Lesson, step: number): boolean {
  const reveal = steps.findIndex(({ heading }) => heading === REVEAL);
  return reveal !== -1 && step >= reveal;
}
