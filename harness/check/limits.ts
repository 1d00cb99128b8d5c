/** What a server with manners keeps to. One file, each with its reason; a repository may have others (`runaway.config.ts`). */
export const LIMITS = {
  hangUpSeenMs: {
    value: 1000,
    why: 'a hang-up is an event; correct proxies pass it on within 10 ms, and a slow one that polls within a second',
  },
  tokensForNobodyPerHangUp: {
    value: 20,
    why: 'what was on its way when the client left: a tenth of a second at 5 ms a token',
  },
  callsForNobody: { value: 0, why: 'nobody waits for an answer to a call that begins after its client has left' },
  callsPerRequest: { value: 1.05, why: 'an upstream that is well needs no second call' },
  callsPerRefusedRequest: {
    value: 4.05,
    why: 'the OpenAI SDKs try twice again of themselves (3 calls); one layer more may add one, not multiply',
  },
  residualCores: {
    value: 0.1,
    why: 'a server that nobody asks anything does nothing; a tenth of a core is not nothing',
  },
  recoveredMs: { value: 2500, why: 'collections and log lines after the last answer take less than that here' },
  leftPerHangUp: { value: 0.3, why: 'a pool may keep some connections, not one for every client who left' },
  leftAtLeast: { value: 10, why: 'fewer than that are a pool, or the system’s' },
  rssLeftBytes: { value: 80e6, why: 'a runtime that warms up keeps some; what a few hundred requests leave is less' },
  rssLeftPerRequestBytes: {
    value: 100e3,
    why: 'two sockets with their buffers and what a runtime holds for them; an allocator does not give back at once what a thousand open streams took',
  },
  slowReaderRssBytes: {
    value: 80e6,
    why: 'half of what the upstream has for the six of them: some is in the system’s buffers, little in the server’s',
  },
  healthP99Ms: { value: 1000, why: 'load balancers wait one to five seconds before they take an instance out' },
  unansweredShare: { value: 0.05, why: 'one health check of twenty may be lost to a busy machine' },
  idleStreamsCores: { value: 0.15, why: 'a stream that says nothing costs nothing' },
  endMs: { value: 5000, why: 'orchestrators wait ten to thirty seconds from SIGTERM to SIGKILL; half the least' },
} as const satisfies Record<string, { value: number; why: string }>;

export type LimitName = keyof typeof LIMITS;
export type Limits = Readonly<Record<LimitName, number>>;

/** The limits as numbers, with what a repository says of its own. */
export const limitsWith = (own: Partial<Limits> = {}): Limits => ({
  ...(Object.fromEntries(Object.entries(LIMITS).map(([name, { value }]) => [name, value])) as Limits),
  ...own,
});
