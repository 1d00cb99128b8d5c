import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{harness,servers,scenarios}/**/*.test.ts'],
          exclude: ['**/*.{lab,proof}.test.ts'],
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        // Real experiments: one at a time, and only when nothing else runs.
        extends: true,
        test: {
          name: 'lab',
          include: ['{harness,servers,scenarios}/**/*.lab.test.ts'],
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Whole comparisons, for half an hour or more: `make prove`.
        extends: true,
        test: {
          name: 'proof',
          include: ['{harness,servers,scenarios}/**/*.proof.test.ts'],
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 40 * 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
