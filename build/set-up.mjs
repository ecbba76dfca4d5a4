// Everything between `git clone` and a running app, done by whichever command comes first. Plain Node ≥ 20, no packages:
// it runs before any are installed.
import { pathToFileURL } from 'node:url'
import { setUpBrowser } from './set-up/browser.mjs'
import { build, isBuilt } from './set-up/bundle.mjs'
import { dependenciesProblem, installDependencies } from './set-up/dependencies.mjs'
import { setUpElectron } from './set-up/electron.mjs'
import { exclusively } from './set-up/exclusive.mjs'
import { areKernelsBuilt, buildKernels } from './set-up/kernels.mjs'
import { checkRunningNode, findNode } from './set-up/node.mjs'
import { runMain, say } from './set-up/say.mjs'

/**
 * Installs the dependencies and builds the app where needed; with everything in place it only looks (milliseconds).
 * @param {{ rebuild?: boolean, skipBuild?: boolean }} [options]
 * @returns {Promise<string>} path of the Node that runs the app
 * @throws SetUpError
 */
export async function setUp({ rebuild = false, skipBuild = false } = {}) {
  checkRunningNode()
  const built = () => skipBuild || (!rebuild && isBuilt())
  if (!dependenciesProblem() && areKernelsBuilt() && built()) return findNode()
  return exclusively(async () => {
    const problem = dependenciesProblem()
    if (problem) {
      say(`Installing the packages (${problem}) …`)
      await installDependencies()
    }
    const node = findNode()
    if (!areKernelsBuilt()) await buildKernels(node)
    if (!built()) await build(node)
    return node
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await runMain(async () => {
    const node = await setUp({ rebuild: process.argv.includes('--rebuild') })
    say(`Node:     ${node}`)
    say(`Browser:  ${(await setUpBrowser(node)) ?? 'none'}`)
    say(`Electron: ${(await setUpElectron(node)) ?? 'none'}`)
    return 0
  })
