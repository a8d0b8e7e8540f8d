/** What neither the compiler nor the dependency rules can say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

function sources(dir: string): string[] {
  return readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.d.ts'))
    .map((f) => join(root, dir, f));
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

const place = (file: ts.SourceFile, node: ts.Node): string =>
  `${file.fileName.slice(root.length + 1)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;

describe('the kernel', () => {
  const files = sources('src/kernel');
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts'],
    types: [],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const own = program.getSourceFiles().filter((f) => files.includes(f.fileName));

  test('throws only in panic and unwind', () => {
    const found: string[] = [];
    for (const file of own) {
      if (/kernel\/kernel\/(panic|unwind)\.ts$/.test(file.fileName)) continue;
      walk(file, (node) => void (ts.isThrowStatement(node) && found.push(place(file, node))));
    }
    expect(found).toEqual([]);
  });

  test('never drops an Errno: a call that may answer one is not a bare statement', () => {
    const found: string[] = [];
    for (const file of own) {
      walk(file, (node) => {
        if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return;
        if (/\bErrno\b/.test(checker.typeToString(checker.getTypeAtLocation(node.expression)))) found.push(place(file, node));
      });
    }
    expect(found).toEqual([]);
  });

  test('says of every function that imitates Linux where the original is', () => {
    const tags = own.flatMap((file) => [...file.text.matchAll(/@linux .*/g)].map((m) => m[0]));
    expect(tags.length).toBeGreaterThan(100);
    expect(tags.filter((t) => !/^@linux \S+\.[chS]\S* .*#(Y|P\[.+\]|N\[.+\])/.test(t))).toEqual([]);
  });
});

test('the project names nothing of the place it was written at', () => {
  const found = ['src', 'test', 'docs', 'scripts', 'bench']
    .flatMap((dir) => readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' }).map((f) => join(root, dir, f)))
    .filter((f) => /\.(ts|mjs|md|html)$/.test(f) && !f.endsWith('walls.test.ts'))
    .filter((f) => /\/work\/(main|shared)|\.\.\/shared\//.test(readFileSync(f, 'utf8')));
  expect(found).toEqual([]);
});
