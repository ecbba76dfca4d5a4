// Whom the shell believes. Every case is an address or a sender that a hostile page could come up with.
import { describe, expect, test } from 'vitest'
import { isFrom, isOwnPage, mayHave, mayRequest, type Role } from '../../src-main/desktop/trust.ts'

const DEV = 'http://localhost:5173'

describe('our own pages', () => {
  test('each window has its page, whatever its query and fragment', () => {
    expect(isOwnPage('app://lab/index.html', 'ui')).toBe(true)
    expect(isOwnPage('app://lab/index.html?tab=chat#top', 'ui')).toBe(true)
    expect(isOwnPage('app://lab/engine.html', 'engine')).toBe(true)
  })

  test.each([
    'app://lab/engine.html',
    'app://lab/other.html',
    'app://evil/index.html',
    'app://lab.evil/index.html',
    'app://lab@evil/index.html',
    'http://lab/index.html',
    'file:///index.html',
    'https://example.com/index.html',
    'data:text/html,hello',
    'about:blank',
    'javascript:alert(1)',
    '',
  ])('the UI window never shows %s', url => {
    expect(isOwnPage(url, 'ui')).toBe(false)
  })

  test('while developing, the page of the Vite server is ours and the built one is not', () => {
    expect(isOwnPage(`${DEV}/index.html`, 'ui', DEV)).toBe(true)
    expect(isOwnPage('http://localhost:5174/index.html', 'ui', DEV)).toBe(false)
    expect(isOwnPage('app://lab/index.html', 'ui', DEV)).toBe(false)
  })
})

describe('a message is only believed', () => {
  const windows = new Map<number, Role>([
    [1, 'ui'],
    [2, 'engine'],
  ])
  const ui = { webContentsId: 1, url: 'app://lab/index.html', isMainFrame: true }

  test('from the main frame of our own page in the window of that role', () => {
    expect(isFrom('ui', ui, windows)).toBe(true)
    expect(isFrom('engine', { ...ui, webContentsId: 2, url: 'app://lab/engine.html' }, windows)).toBe(true)
  })

  test.each([
    ['another window', { ...ui, webContentsId: 3 }],
    ['the engine window', { ...ui, webContentsId: 2 }],
    ['a frame inside the page', { ...ui, isMainFrame: false }],
    ['a frame that is gone', { ...ui, url: null }],
    ['a page that is not ours', { ...ui, url: 'https://example.com/index.html' }],
  ])('not from %s', (_, sender) => {
    expect(isFrom('ui', sender, windows)).toBe(false)
  })

  test('the UI cannot speak as the engine', () => {
    expect(isFrom('engine', ui, windows)).toBe(false)
  })
})

describe('requests', () => {
  test.each([
    'app://lab/assets/x.js',
    'data:image/png;base64,AA',
    'blob:app://lab/1',
    'devtools://devtools/x',
  ])('%s stays on this machine', url => expect(mayRequest(url)).toBe(true))

  test.each([
    'https://example.com/',
    'http://localhost:5173/',
    'http://127.0.0.1/',
    'ws://localhost:5173/',
    'wss://example.com/',
    'app://other/x.js',
    'file:///etc/passwd',
    'ftp://example.com/',
    'chrome://gpu',
    'not a url',
  ])('%s is refused', url => expect(mayRequest(url)).toBe(false))

  test('while developing, the Vite server and its socket are reached, and nothing else', () => {
    expect(mayRequest(`${DEV}/ui/main.tsx`, DEV)).toBe(true)
    expect(mayRequest('ws://localhost:5173/?token=1', DEV)).toBe(true)
    expect(mayRequest('http://localhost:80/', DEV)).toBe(false)
    expect(mayRequest('ftp://localhost:5173/', DEV)).toBe(false)
  })
})

test('the UI may copy text and notify; the engine and unknown pages may do nothing', () => {
  expect(mayHave('clipboard-sanitized-write', 'ui')).toBe(true)
  expect(mayHave('notifications', 'ui')).toBe(true)
  for (const permission of ['media', 'geolocation', 'clipboard-read', 'openExternal', 'usb', 'fileSystem'])
    expect(mayHave(permission, 'ui')).toBe(false)
  expect(mayHave('notifications', 'engine')).toBe(false)
  expect(mayHave('notifications', undefined)).toBe(false)
})
