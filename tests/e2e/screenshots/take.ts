// One screen as a picture, for the README and for whoever looks the app over: real data, light and dark, empty, busy and
// failed. `npm run screenshots`; what the README does not show goes to SCREENSHOTS_FOLDER, if that is set.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, type Locator, type Page } from '@playwright/test'
import { ENGINE_TIMEOUT } from '../lab-test.ts'

const readmeFolder = fileURLToPath(new URL('../../../docs/screenshots', import.meta.url))
export const restFolder = process.env.SCREENSHOTS_FOLDER
const inReadme = [
  'chat-three-light',
  'evaluate-figure-one-light',
  'ppo-train-dark',
  'ppo-microscope-light',
  'bench-ranked-light',
  'sft-train-dark',
  'pretrain-train-dark',
]

/** Models are trained for the pictures. */
export const LONG = 1_800_000

/** As wide as a small laptop, and a desk's screen. */
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const

/** The screen as it stands, in both themes and sizes. @param from what is scrolled to the top; by default the screen's top */
export async function take(page: Page, screen: string, from?: Locator): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const size of sizes) {
      const name = `${screen}-${colorScheme}`
      const forReadme = size === sizes[0] && inReadme.includes(name)
      if (!forReadme && !restFolder) continue
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize(size)
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
      await expect(page.getByRole('main').locator('[aria-busy=true]')).toHaveCount(0, {
        timeout: ENGINE_TIMEOUT,
      })
      await page.mouse.move(0, 0)
      if (from)
        await from.evaluate(part => {
          part.scrollIntoView({ block: 'start' })
          part.closest('main')!.scrollBy(0, -28)
        })
      else await page.getByRole('main').evaluate(screen => screen.scrollTo(0, 0))
      const file = forReadme
        ? join(readmeFolder, `${name}.png`)
        : join(restFolder!, `${name}-${size.width}.png`)
      await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' })
    }
  await page.setViewportSize(sizes[0])
}
