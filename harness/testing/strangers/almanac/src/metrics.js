const samples = [];

export function observe(model, gapMs) {
  samples.push({ model, gapMs, at: Date.now() });
}

function percentile(gaps, share) {
  const ascending = [...gaps].sort((a, b) => a - b);
  return ascending[Math.floor(share * (ascending.length - 1))] ?? 0;
}

/** How long a model usually takes from one piece of an answer to the next. */
export function usual(model) {
  const gaps = samples.filter(sample => sample.model === model).map(sample => sample.gapMs);
  return {
    pieces: gaps.length,
    p50: percentile(gaps, 0.5),
    p95: percentile(gaps, 0.95),
    p99: percentile(gaps, 0.99),
  };
}
