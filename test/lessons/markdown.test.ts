import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markedCode, renderMarkdown, rulesOf } from '../../src/lessons/markdown.ts';
import { safeSvg } from '../../src/lessons/svg.ts';

describe('code that its author marked', () => {
  test('runs on a click: the mark stands behind the closing fence, as in Killercoda', () => {
    const html = renderMarkdown('```\necho "a" < b\n```{{exec}}\n');
    expect(html).toContain('<div class="block marked" data-script="echo &#34;a&#34; &#60; b">');
    expect(html).toContain('data-act="exec">Run</button>');
  });

  test('is copied, or sends ^C first', () => {
    expect(renderMarkdown('~~~~sh\nls\n~~~~{{copy}}\n')).toContain('data-act="copy">Copy</button>');
    expect(renderMarkdown('```\nls\n```{{exec interrupt}}\n')).toContain('data-act="interrupt">Run</button>');
  });

  test('may stand in a line', () => {
    const html = renderMarkdown('Try `ls -l`{{exec}} now.');
    expect(html).toBe(
      '<p>Try <button type="button" class="inline act" data-act="exec" data-script="ls -l"><code>ls -l</code></button> now.</p>\n',
    );
  });

  test('a block without a mark has no button, and a mark inside a block is text', () => {
    expect(renderMarkdown('```\nls {{exec}}\n```\n')).toBe('<div class="block"><pre tabindex="0"><code>ls {{exec}}</code></pre></div>\n');
  });

  test('is found in order', () => {
    const text = '```\na\n```{{exec}}\n\n`b`{{exec}} `c`\n\n```\nd\n```\n\n- x\n\n  ```\n  e\n  f\n  ```{{copy}}\n';
    expect(markedCode(text)).toEqual([
      { act: 'exec', script: 'a' },
      { act: 'exec', script: 'b' },
      { act: 'copy', script: 'e\nf' },
    ]);
  });
});

describe('questions', () => {
  const text = 'Who?\n\n- [ ] The *kernel*.\n\n  No: it does not.\n- [x] bash.\n\nEnd.\n';

  test('are a list of boxes with the paragraph before it', () => {
    expect(renderMarkdown(text)).toBe(`<fieldset class="question">
<legend>Who?</legend>
<div class="choices">
<button type="button" class="choice" data-right="false" aria-expanded="false">The <em>kernel</em>.</button>
<div class="answer" role="status" hidden>
<p>No: it does not.</p>
</div>
<button type="button" class="choice" data-right="true" aria-expanded="false">bash.</button>
</div>
</fieldset>
<p>End.</p>
`);
  });

  test('a list of which only some items have boxes is a list', () => {
    expect(renderMarkdown('- [ ] one\n- two\n')).toContain('<li>[ ] one</li>');
  });
});

describe('links and pictures', () => {
  test('lead to http(s), relative addresses and places of the page', () => {
    expect(renderMarkdown('[a](https://example.org/x)')).toContain(
      'href="https://example.org/x" target="_blank" rel="noopener noreferrer"',
    );
    expect(renderMarkdown('[a](docs/x.md#s) [b](#c)')).toBe('<p><a href="docs/x.md#s">a</a> <a href="#c">b</a></p>\n');
  });

  test.each([
    'javascript:alert(1)',
    'JAVA\tSCRIPT:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'file:///etc/passwd',
    'blob:x',
    'mailto:a@b',
  ])('but not to %s', (address) => expect(renderMarkdown(`[a](<${address}>)`)).not.toContain('href'));

  test('rules are links to their text', () => {
    expect(renderMarkdown('See [M3].', { ruleHref: (r) => `/x#${r}` })).toContain('<a class="rule" href="/x#M3"');
    expect(rulesOf('[M3], [m4], [Q1], [D1](x), `[D2]`')).toEqual(['M3']);
  });

  test('a drawing of the folder stands in the page, with the text as its twin', () => {
    const files = new Map([['step1/a.svg', '<svg viewBox="0 0 9 9"><path d="M0 0h9" marker-end="url(#m)"/><g id="m"/></svg>']]);
    expect(renderMarkdown('![A line "x"](a.svg)', { files, folder: 'step1/', prefix: 'l' })).toBe(
      '<p><span class="picture"><svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="A line &#34;x&#34;" viewBox="0 0 9 9">' +
        '<path d="M0 0h9" marker-end="url(#l-a-svg-m)"></path><g id="l-a-svg-m"></g></svg></span></p>\n',
    );
  });

  test('a drawing that is more than a picture is shown as an image, where nothing in it runs', () => {
    const files = new Map([['a.svg', '<svg><script>alert(1)</script></svg>']]);
    const html = renderMarkdown('![x](a.svg)', { files });
    expect(html).toContain('<img class="picture" alt="x" src="data:image/svg+xml,%3Csvg');
    expect(html).not.toContain('<script');
  });

  test('a picture from elsewhere is not fetched', () => {
    expect(renderMarkdown('![logo](https://example.org/x.png)')).toBe('<p><em class="no-picture">logo</em></p>\n');
  });
});

/** Every tag of a piece of HTML, with its attributes. */
function tagsOf(html: string): { readonly name: string; readonly attributes: readonly (readonly [string, string])[] }[] {
  return [...html.matchAll(/<([a-zA-Z!?/][^\s>]*)((?:[^>"]|"[^"]*")*)>/g)].map(([, name = '', rest = '']) => ({
    name: name.toLowerCase(),
    attributes: [...rest.matchAll(/([^\s=/"]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key.toLowerCase(), value] as const),
  }));
}

const TAGS = new Set(
  'p a em strong s code pre div span button fieldset legend img ul ol li blockquote hr br table thead tbody tr th td h3 h4 h5 h6'.split(
    ' ',
  ),
);
const DRAWING = new Set('svg g path rect text tspan title desc defs marker circle line'.split(' '));

function expectHarmless(html: string): void {
  for (const { name, attributes } of tagsOf(html)) {
    const known = name.replace('/', '');
    expect(TAGS.has(known) || DRAWING.has(known), name).toBe(true);
    for (const [key, value] of attributes) {
      expect(key).not.toMatch(/^on|^style$|^srcdoc$|^formaction$|^xlink/);
      if (key === 'href') expect(value).not.toMatch(/^\s*(?!https?:)[a-z][a-z0-9+.-]*:/i);
      if (key === 'src') expect(value).toMatch(/^data:image\//);
    }
  }
}

describe('whatever is written in a lesson', () => {
  const nasty = fc.constantFrom(
    ...['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '[x](javascript:alert(1))', '![x](javascript:alert(1))', '"><script>'],
    ...[
      '<javascript:alert(1)>',
      '[x]: javascript:alert(1)\n\n[x]',
      '`"onclick="`{{exec}}',
      '```"><b>\nx\n```{{exec}}',
      '![" onload="](a.svg)',
    ],
    ...[
      '[a](data:text/html;base64,PHNjcmlwdD4=)',
      '![a](data:image/svg+xml,<svg/onload=x>)',
      '- [x] <b onclick=x>',
      '[M3]',
      '\n\n',
      '- [ ] ',
      '|a|\n|-|\n',
    ],
    ...[
      '[a](&#106;avascript:x)',
      '[a](java&Tab;script:x)',
      '&lt;script&gt;',
      '\\<script>',
      '<!--',
      '~~~',
      '> ',
      '# ',
      '[a](<javas\ncript:x>)',
    ],
  );

  test('becomes harmless HTML, and never throws', () => {
    const drawing = fc.constantFrom(
      '<svg onload="x"/>',
      '<svg><a href="javascript:x"/></svg>',
      '<svg><path d="M0 0" onclick="x"/></svg>',
      'x',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' }), fc.lorem()), { maxLength: 12 }), drawing, (parts, svg) => {
        expectHarmless(renderMarkdown(parts.join(''), { files: new Map([['a.svg', svg]]) }));
      }),
      { numRuns: 1000 },
    );
  });

  test('also in a drawing', () => {
    const piece = fc.constantFrom(
      ...[
        '<svg>',
        '</svg>',
        '<svg viewBox="0 0 1 1">',
        '<g>',
        '</g>',
        '<path d="M0 0"/>',
        '<script>',
        '</script>',
        '<text>',
        '</text>',
        'a&b',
      ],
      ...[
        '<rect fill="url(https://x)"/>',
        '<rect fill="url(#a)"/>',
        '<a xlink:href="javascript:x">',
        '<style>*{}</style>',
        '<g onload="x">',
      ],
      ...[
        '<foreignObject>',
        '<image href="http://x"/>',
        '<use href="#x"/>',
        '<!-- -->',
        '<![CDATA[',
        '<g id="\'"/>',
        "<g id='\"onload=x '/>",
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 5, arbitrary: piece }, fc.string())), (pieces) => {
        const svg = safeSvg(pieces.join(''), 'a picture', 'p-');
        if (svg === null) return;
        for (const { name, attributes } of tagsOf(svg)) {
          expect(name).toMatch(/^\/?(svg|g|path|rect|text|use)$/);
          for (const [key, value] of attributes) {
            expect(key).not.toMatch(/^on|href|style/);
            if (key !== 'xmlns') expect(value).not.toMatch(/:|url\((?!#)/);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
