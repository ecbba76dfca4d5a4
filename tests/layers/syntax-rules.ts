// What a file must not contain, whoever it imports: unseeded randomness, markup from strings, leftovers.
import type { ESTree } from 'vite'
import type { Violation } from './import-rules.ts'
import type { SourceFile } from './source-file.ts'
import { visit } from './visit.ts'

interface SyntaxRule {
  readonly name: string
  /** Paths that it holds for. */
  readonly files: RegExp
  breaks(node: ESTree.Node): boolean
  readonly message: string
}

/** `Math.random` → ['Math', 'random']; anything else → []. */
function memberPath(node: ESTree.Node): string[] {
  if (node.type !== 'MemberExpression') return []
  const name =
    node.property.type === 'Identifier' && !node.computed
      ? node.property.name
      : node.property.type === 'Literal'
        ? String(node.property.value)
        : ''
  return [node.object.type === 'Identifier' ? node.object.name : '', name]
}

const reproducible = /^(src-shared|src-renderer\/engine)\//
const isMember = (node: ESTree.Node, object: string, ...names: string[]) => {
  const [of = '', name = ''] = memberPath(node)
  return of === object && names.includes(name)
}
const isCalled = (node: ESTree.Node, ...names: string[]) =>
  (node.type === 'CallExpression' || node.type === 'NewExpression') &&
  node.callee.type === 'Identifier' &&
  names.includes(node.callee.name)

const attributeOf = ({ attributes }: ESTree.JSXOpeningElement, name: string) =>
  attributes.find(
    (each): each is ESTree.JSXAttribute =>
      each.type === 'JSXAttribute' && each.name.type === 'JSXIdentifier' && each.name.name === name,
  )

/** A frame to which nothing is granted: no script, no form, no link out, an origin of its own. */
function isPowerless(frame: ESTree.JSXOpeningElement): boolean {
  const value = attributeOf(frame, 'sandbox')?.value
  return value?.type === 'Literal' && value.value === ''
}

export const syntaxRules: readonly SyntaxRule[] = [
  {
    name: 'seeded-randomness',
    files: reproducible,
    breaks: node =>
      isMember(node, 'Math', 'random') || isMember(node, 'crypto', 'getRandomValues', 'randomUUID'),
    message:
      'draw from src-shared/random, keyed by seed, stream and step: the same seed must give the same bits',
  },
  {
    name: 'no-clock',
    files: reproducible,
    breaks: node =>
      isMember(node, 'Date', 'now') ||
      (isCalled(node, 'Date') && (node as ESTree.NewExpression).arguments.length === 0),
    message:
      'results must not depend on the time: take it as a parameter (performance.now() may measure durations)',
  },
  {
    name: 'no-markup-from-strings',
    files: /^src-/,
    breaks: node =>
      ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc'].includes(memberPath(node)[1] ?? '') ||
      isMember(node, 'document', 'write', 'writeln') ||
      (node.type === 'JSXOpeningElement' &&
        (attributeOf(node, 'dangerouslySetInnerHTML') !== undefined ||
          (attributeOf(node, 'srcDoc') !== undefined && !isPowerless(node)))),
    message: 'text of a model or a file would become markup: render it as text, or build the nodes',
  },
  {
    name: 'no-eval',
    files: /^src-/,
    breaks: node => isCalled(node, 'eval', 'Function'),
    message: 'code is never made from strings; the content security policy refuses it too',
  },
  {
    name: 'windows-in-one-place',
    files: /^src-main\/desktop\/(?!windows\.ts$)/,
    breaks: node => isCalled(node, 'BrowserWindow', 'BaseWindow', 'WebContentsView', 'BrowserView'),
    message: 'windows are made in windows.ts only, with the hardened web preferences',
  },
  {
    name: 'one-checkpoint-writer',
    files: /^src-main\/(?!core\/(checkpoints|workspace)\/)/,
    breaks: node =>
      node.type === 'CallExpression' &&
      memberPath(node.callee)[1] === 'folder' &&
      node.arguments[0]?.type === 'Literal' &&
      node.arguments[0].value === 'checkpoints',
    message:
      'only src-main/core/checkpoints touches that folder: what it writes is committed, verified and adopted there',
  },
  {
    name: 'no-focused-tests',
    files: /^tests\//,
    breaks: node =>
      ['test', 'it', 'describe'].some(name => isMember(node, name, 'only', 'todo')) ||
      node.type === 'DebuggerStatement',
    message: 'a focused test hides all others: take it out before committing',
  },
]

/** Marks that say "not finished"; upper case, as they are written. */
const leftover = /\b(TODO|FIXME|XXX|HACK)\b/

export function checkSyntax(file: SourceFile): Violation[] {
  const violations: Violation[] = []
  const rules = syntaxRules.filter(({ files }) => files.test(file.path))
  visit(file.program, node => {
    for (const { name, breaks, message } of rules)
      if (breaks(node))
        violations.push({ rule: name, path: file.path, line: file.lineOf(node.start), message })
  })
  for (const { value, line } of file.comments) {
    const mark = leftover.exec(value)?.[0]
    if (mark)
      violations.push({
        rule: 'no-leftovers',
        path: file.path,
        line,
        message: `${mark}: finish it, or write an issue`,
      })
  }
  return violations
}
