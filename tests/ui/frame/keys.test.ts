import { describe, expect, test } from 'vitest'
import { keyMap, screenKeys, spellKeys } from '../../../src-renderer/ui/frame/keys.ts'
import { phases } from '../../../src-renderer/ui/phases.ts'
import { tabs } from '../../../src-renderer/ui/tabs.tsx'

const keys = keyMap(tabs.map(tab => tab.title))

describe('the keyboard', () => {
  test('binds no key twice', () => {
    const all = [...keys, ...screenKeys].map(key => key.keys)
    expect(new Set(all).size).toBe(all.length)
  })

  test('reaches every tab by Ctrl and its place in the rail', () => {
    for (const [i, tab] of tabs.entries())
      expect(keys).toContainEqual({
        keys: `mod+${(i + 1) % 10}`,
        does: tab.title,
        action: `tab-${i}`,
        whileTyping: true,
      })
  })

  test('leaves typing alone wherever no Ctrl is held', () => {
    for (const key of keys) expect(key.whileTyping).toBe(key.keys.startsWith('mod+'))
  })

  test('is spelled as the system spells it', () => {
    expect(spellKeys('mod+K', false)).toBe('Ctrl+K')
    expect(spellKeys('mod+K', true)).toBe('⌘K')
  })
})

describe('the tabs', () => {
  test('have an id each, a title each and a screen each', () => {
    expect(new Set(tabs.map(tab => tab.id)).size).toBe(tabs.length)
    expect(new Set(tabs.map(tab => tab.title)).size).toBe(tabs.length)
    for (const tab of tabs) expect(tab.screen).toBeTypeOf('function')
  })

  test('are at most ten, so that each has a digit', () => {
    expect(tabs.length).toBeLessThanOrEqual(10)
  })

  test('in the pipeline are phases, in their order', () => {
    const order = tabs
      .filter(tab => tab.group === 'pipeline')
      .map(tab => phases.findIndex(phase => phase.id === tab.phase))
    expect(order).toEqual([...order].sort())
    expect(order).not.toContain(-1)
  })
})
