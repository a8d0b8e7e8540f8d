import { defineConfig } from 'vitest/config';

const node = { environment: 'node' as const, testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    // Two files at a time also where there are only two cores: vitest would leave one of them to itself.
    maxWorkers: 2,
    projects: [
      { test: { ...node, name: 'unit', include: ['test/unit/**/*.test.ts', 'test/*.test.ts'] } },
      { test: { ...node, name: 'conformance', include: ['test/conformance/*.test.ts'] } },
      { test: { ...node, name: 'lessons', include: ['test/lessons/**/*.test.ts'] } },
      { test: { ...node, name: 'browser', include: ['test/e2e/**/*.test.ts'] } },
    ],
  },
});
