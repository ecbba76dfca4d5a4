import { expect, test } from 'vitest'
import { connectionAdvice } from '../../../src-renderer/ui/frame/connection-banner.tsx'

const lost = { inBrowser: true, hasToken: true, lostForSeconds: 2, reason: 'the lab is not running' }

test('a short break is waited out', () => {
  const { text, retry } = connectionAdvice(lost)
  expect(text).toMatch(/^The lab is not running\. This window goes on/)
  expect(retry).toBe(true)
})

test('a lab that stays away has another address when it is back; the desktop finds it by itself', () => {
  expect(connectionAdvice({ ...lost, lostForSeconds: 10 }).text).toContain('open the address it prints')
  expect(connectionAdvice({ ...lost, lostForSeconds: 99, inBrowser: false }).title).toBe('Connection lost.')
})

test('a page without a token says where to get one, and does not offer to try again', () => {
  const { text, retry } = connectionAdvice({ ...lost, hasToken: false })
  expect(text).toContain('the whole address that it prints')
  expect(retry).toBe(false)
})
