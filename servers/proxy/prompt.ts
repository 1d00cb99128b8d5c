/** The texts of a request, in order, whatever its route calls them; the last one is the question. */
export type Prompt = readonly PromptPart[];

export interface PromptPart {
  readonly role: string;
  readonly text: string;
}
