// A vitest reporter that writes why each skipped test was skipped (`context.skip('no Vulkan driver')`): test name → reason.
import { writeFileSync } from 'node:fs'

export default class SkipReasons {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    /** @type {Record<string, string>} */
    const reasons = {}
    for (const module of modules)
      for (const test of module.children.allTests('skipped')) {
        const result = test.result()
        if (result.state === 'skipped' && result.note) reasons[test.fullName] = result.note
      }
    const file = process.env.SKIP_REASONS_FILE
    if (file) writeFileSync(file, JSON.stringify(reasons))
  }
}
