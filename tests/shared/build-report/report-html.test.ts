// The report as a file: what models wrote stays text, nothing runs, nothing is loaded, and every number is there.
import fc from 'fast-check'
import { Parser } from 'htmlparser2'
import { expect, test } from 'vitest'
import { HELD_OUT } from '../../../src-shared/build-report/build-report.ts'
import { curveSvg, roundTicks } from '../../../src-shared/build-report/curve-svg.ts'
import { decimal } from '../../../src-shared/build-report/figures.ts'
import { markup } from '../../../src-shared/build-report/markup.ts'
import { reportHtml } from '../../../src-shared/build-report/report-html.ts'
import { aReport } from './a-report.ts'

/** Tags with their attributes, and the text outside of styles, as a browser reads them. */
function read(html: string) {
  const tags: { name: string; attributes: Record<string, string> }[] = []
  let text = ''
  let inStyle = false
  const parser = new Parser({
    onopentag(name, attributes) {
      tags.push({ name, attributes })
      inStyle = name === 'style'
    },
    ontext(part) {
      if (!inStyle) text += part
    },
    onclosetag() {
      inStyle = false
    },
  })
  parser.end(html)
  return { tags, text }
}

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `' onmouseover='alert(1)`,
  '</style><style>@import url(https://example.org)</style>',
  '</svg><iframe srcdoc="&lt;script&gt;">',
  '&lt;b&gt; & &amp;',
  '<!--',
  ']]>',
]
const shape = (html: string) =>
  read(html).tags.map(({ name, attributes }) => [name, ...Object.keys(attributes)])

test('whatever models and people write is text: the tags of a report are its own', () => {
  const plain = shape(reportHtml(aReport()))
  for (const text of hostile) {
    const html = reportHtml(aReport(text))
    expect(shape(html), text).toEqual(plain)
    expect(read(html).text).toContain(text)
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(shape(reportHtml(aReport(text)))).toEqual(plain)
    }),
    { numRuns: 60 },
  )
})

test('a report runs nothing, asks for nothing, and forbids both', () => {
  const html = reportHtml(aReport(hostile.join(' ')))
  const { tags } = read(html)
  expect(
    tags.some(({ name }) => ['script', 'iframe', 'img', 'link', 'object', 'a', 'form'].includes(name)),
  ).toBe(false)
  for (const { attributes } of tags)
    for (const name of Object.keys(attributes))
      expect(/^on|^(src|href|xlink:href|action|srcdoc)$/.test(name), name).toBe(false)
  const policy = tags.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')
  expect(policy?.attributes.content).toContain("default-src 'none'")
  expect(/url\(|@import/.test(html.slice(html.indexOf('<style>'), html.indexOf('</style>')))).toBe(false)
})

test('controls and marks that turn text round are made visible', () => {
  const { text } = read(reportHtml(aReport('a\u202eb\u0007c')))
  expect(text).toContain('a\\u{202e}b\\x07c')
})

test('a report tells its figures, and what was not decided', () => {
  const { text } = read(reportHtml(aReport()))
  for (const told of [
    '75 % (30 % to 95 %)',
    'nothing decided, 9 ties',
    '85 % ± 3 %, published',
    '73.4 % ± 2 %, published',
    '85–98 %',
    '(−1.25)',
    'not scored',
    '(nothing)',
    '✗ not reached',
    'an aim, not a promise',
  ])
    expect(text).toContain(told)
  expect(text).not.toMatch(/NaN|undefined|Infinity/)
})

test('no figure has a hyphen for a minus, and none is zero below zero', () => {
  expect([-1.25, -0.004, -0, 0.004, 12].map(value => decimal(value, 2))).toEqual([
    '−1.25',
    '0.00',
    '0.00',
    '0.00',
    '12.00',
  ])
})

test('a goal that says nothing is called neither reached nor missed', () => {
  const open = { goal: 'Facts', reached: false, figures: '0 %', isAim: false, saysNothing: 'no facts' }
  const { text } = read(reportHtml({ ...aReport(), goals: [open] }))
  expect(text).toContain('– says nothing')
  expect(text).toContain('0 %: no facts')
  expect(text).not.toContain('reached Facts')
})

test('what was held out is drawn otherwise than what was learned from, wherever it stands', () => {
  const points = [
    [0, 1],
    [1, 2],
  ] as const
  const classes = (...names: string[]) =>
    linesOf(curveSvg({ title: '', unit: '', lines: names.map(name => ({ name, points })) }).text)
  expect(classes('training', HELD_OUT)).toEqual(['line training', 'line held'])
  expect(classes(HELD_OUT)).toEqual(['line held'])
})
const linesOf = (svg: string) =>
  read(svg).tags.flatMap(({ name, attributes }) => (name === 'polyline' ? [attributes.class] : []))

test('the same report is the same file; a theme is chosen or left to the reader', () => {
  expect(reportHtml(aReport())).toBe(reportHtml(aReport()))
  expect(reportHtml(aReport())).toContain('data-theme="auto"')
  expect(reportHtml(aReport(), 'dark')).toContain('data-theme="dark"')
})

test('markup takes text, numbers and pieces of its own', () => {
  const list = ['<', '"'].map(each => markup`<i title="${each}">${each}</i>`)
  expect(markup`<p>${1.5}${list}</p>`.text).toBe(
    '<p>1.5<i title="&lt;">&lt;</i><i title="&quot;">&quot;</i></p>',
  )
})

test('ticks are round, evenly spaced, few, and hold all values', () => {
  const values = fc.oneof(fc.integer(), fc.float({ min: -10, max: 10, noNaN: true }))
  fc.assert(
    fc.property(values, values, (a, b) => {
      const [low, high] = a <= b ? [a, b] : [b, a]
      const ticks = roundTicks(low, high)
      const span = ticks.at(-1)! - ticks[0]!
      expect(ticks.length).toBeGreaterThan(1)
      expect(ticks.length).toBeLessThan(9)
      expect(ticks[0]!).toBeLessThanOrEqual(low + span * 1e-6)
      expect(ticks.at(-1)!).toBeGreaterThanOrEqual(high - span * 1e-6)
    }),
  )
})
