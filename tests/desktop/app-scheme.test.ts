// app://lab/ serves the built pages and nothing else of the disk.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listPages } from '../../src-main/core/pages/built-pages.ts'
import { answerFor, pageUrl } from '../../src-main/desktop/app-scheme.ts'
import { LabError } from '../../src-shared/contract/errors.ts'

let folder: string
let pages: ReadonlyMap<string, string>

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'))
  const built = join(folder, 'renderer')
  mkdirSync(join(built, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(built, 'index.html'), '<!doctype html>')
  writeFileSync(join(built, 'assets', 'a b.wasm'), '')
  if (process.platform !== 'win32') symlinkSync(join(folder, 'secret.txt'), join(built, 'link.txt'))
  pages = listPages(built)
})
afterAll(() => rmSync(folder, { recursive: true }))

const get = (url: string) => answerFor(pages, 'GET', url)

test('a page is answered with its type, isolated from other origins and without inline scripts', () => {
  expect(get(pageUrl('index'))).toMatchObject({
    status: 200,
    file: join(folder, 'renderer', 'index.html'),
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': expect.stringMatching(
        /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; .*frame-ancestors 'none'/,
      ),
    },
  })
  expect(get('app://lab/assets/a%20b.wasm')).toMatchObject({
    headers: { 'Content-Type': 'application/wasm' },
  })
})

test.each([
  'app://lab/../secret.txt',
  'app://lab/%2e%2e/secret.txt',
  'app://lab/..%2fsecret.txt',
  'app://lab/..%5csecret.txt',
  'app://lab/assets/../../secret.txt',
  'app://lab//secret.txt',
  'app://lab/index.html%00.txt',
  'app://lab/link.txt',
  'app://lab/assets',
  'app://lab/',
  'app://evil/index.html',
  'file:///index.html',
  'nonsense',
])('%s is not there', url => expect(get(url)).toEqual({ status: 404 }))

test('a broken escape is a bad request', () => {
  expect(get('app://lab/%zz')).toEqual({ status: 400 })
})

test('only reading is possible', () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'get'])
    expect(answerFor(pages, method, pageUrl('index'))).toEqual({ status: 405 })
  expect(answerFor(pages, 'HEAD', pageUrl('index'))).toMatchObject({ status: 200 })
})

test('no way of writing a path leads out of the built pages', () => {
  const built = join(folder, 'renderer')
  const pieces = [
    '..',
    '%2e%2e',
    '.',
    '',
    'assets',
    'a%20b.wasm',
    'index.html',
    'secret.txt',
    '%2f',
    '%5c',
    'link.txt',
  ]
  let found = 0
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 5 }), path => {
      const answer = get(`app://lab/${path.join('/')}`)
      if (answer.status !== 200) return
      found++
      expect(answer.file.startsWith(built)).toBe(true)
      expect(answer.file).not.toContain('link')
    }),
    { numRuns: 2000 },
  )
  expect(found).toBeGreaterThan(10)
})

test('pages that are not built are named with what to do', () => {
  expect(() => listPages(join(folder, 'nowhere'))).toThrow(LabError)
  expect(() => listPages(join(folder, 'nowhere'))).toThrow(/npm run build/)
})
