// Who may import whom: the table. A file belongs to the first layer whose folder holds it.
import type { Import, SourceFile, Target } from './source-file.ts'

export interface Violation {
  readonly rule: string
  readonly path: string
  readonly line: number
  /** What is wrong, and what to do instead. */
  readonly message: string
}

interface Layer {
  readonly name: string
  /** Paths that belong to it. */
  readonly files: RegExp
  /** Paths that it may import. */
  readonly mayImport: RegExp
  /** npm packages that it may import. */
  readonly packages: RegExp
  readonly node: boolean
  readonly instead: string
}

const anyBut = (...names: string[]) => new RegExp(`^(?!(${names.join('|')})$)`)
const windowLibraries = [
  'electron',
  'react',
  'react-dom',
  'recharts',
  'zustand',
  '@mantine/.*',
  '@tensorflow/.*',
]

export const layers: readonly Layer[] = [
  {
    name: 'shared',
    files: /^src-shared\//,
    mayImport: /^src-shared\//,
    packages: /^(valibot|birpc|@msgpack\/msgpack)$/,
    node: false,
    instead:
      'src-shared is plain ECMAScript that every process runs: move the code to the layer that has this API, or take it as a parameter',
  },
  {
    name: 'core',
    files: /^src-main\/core\//,
    mayImport: /^(src-shared\/|src-main\/core\/|package\.json$|resources\/)/,
    packages: anyBut(...windowLibraries, 'ws', 'commander', 'webgpu'),
    node: true,
    instead: 'the core runs in all three hosts: let the host pass in what only it has (see EngineHost)',
  },
  {
    name: 'desktop',
    files: /^src-main\/desktop\//,
    mayImport: /^(src-shared\/|src-main\/(core|desktop)\/|package\.json$)/,
    packages: /^(electron|valibot)$/,
    node: true,
    instead: 'the desktop shell stays thin: put logic into the core, where the other hosts have it too',
  },
  {
    name: 'browser',
    files: /^src-main\/browser\//,
    mayImport: /^(src-shared\/|src-main\/(core|browser)\/|package\.json$)/,
    packages: /^ws$/,
    node: true,
    instead: 'the loopback host stays thin: put logic into the core, where the other hosts have it too',
  },
  {
    name: 'engine-worker',
    files: /^src-main\/terminal\/(engine-worker|bench-worker|kernel-thread|node-platform)\.ts$/,
    mayImport:
      /^(src-shared\/|src-main\/terminal\/|src-main\/core\/jobs\/worker\.ts$|src-renderer\/engine\/)/,
    packages: /^(@tensorflow\/.*|webgpu|valibot)$/,
    node: true,
    instead: 'the engine worker is the engine with a port, nothing else: it is given its data by the core',
  },
  {
    name: 'terminal',
    files: /^src-main\/terminal\//,
    mayImport: /^(src-shared\/|src-main\/(core|browser|terminal)\/|package\.json$)/,
    packages: anyBut(...windowLibraries, 'better-sqlite3'),
    node: true,
    instead: 'commands call the core; only engine-worker.ts loads the engine, in a thread of its own',
  },
  {
    name: 'preload',
    files: /^src-preload\//,
    mayImport: /^(src-preload\/|src-shared\/contract\/)/,
    packages: /^electron$/,
    node: false,
    instead: 'a preload only hands ports and paths on; everything else belongs to the window or to main',
  },
  {
    name: 'engine',
    files: /^src-renderer\/engine\//,
    mayImport: /^(src-shared\/|src-renderer\/engine\/|out\/kernels\/)/,
    packages: /^(@tensorflow\/.*|valibot)$/,
    node: false,
    instead: 'the engine is pure compute in any host: ask the core over the contract (engine-contract.ts)',
  },
  {
    name: 'ui',
    files: /^src-renderer\/ui\//,
    mayImport: /^(src-shared\/|src-renderer\/ui\/)/,
    packages: anyBut('electron', '@tensorflow/.*', 'better-sqlite3', 'webgpu', 'ws', 'commander'),
    node: false,
    instead: 'a screen reaches everything through the contract: call the core in lab.ts',
  },
]

/** What one import breaks, or null. Each row has a fixture in fixtures/<name>/ that breaks it. */
interface ImportRule {
  readonly name: string
  breaks(from: string, target: Target, typeOnly: boolean): string | null
}

const phaseOf = (path: string) =>
  /^src-renderer\/engine\/phases\/(pretrain|sft|reward|ppo|dpo|grpo)(\.ts$|\/)/.exec(path)?.[1]
const featureOf = (path: string) => /^src-renderer\/ui\/features\/([^/]+)\//.exec(path)?.[1]
const isSource = (path: string) => /^src-/.test(path)

export const importRules: readonly ImportRule[] = [
  ...layers.map(
    (layer): ImportRule => ({
      name: `layer-${layer.name}`,
      breaks(from, target) {
        if (layers.find(({ files }) => files.test(from)) !== layer) return null
        const allowed =
          (target.kind === 'file' && layer.mayImport.test(target.path)) ||
          (target.kind === 'package' && layer.packages.test(target.name)) ||
          (target.kind === 'node' && layer.node) ||
          target.kind === 'unresolved'
        // Style sheets and images of a package or folder follow its own rule; tests have theirs below.
        return allowed || (target.kind === 'file' && /^(tests|build)\//.test(target.path))
          ? null
          : layer.instead
      },
    }),
  ),
  {
    // The workspace's lock is SQLite's file lock, on a file without data.
    name: 'sqlite-only-in-database',
    breaks: (from, target) =>
      isPackage(target, 'better-sqlite3') &&
      !/^src-main\/core\/(database\/|workspace\/lock\.ts$)/.test(from) &&
      isSource(from)
        ? 'only src-main/core/database talks to SQLite: add a query function there'
        : null,
  },
  {
    name: 'preload-without-schemas',
    breaks: (from, target, typeOnly) =>
      from.startsWith('src-preload/') &&
      target.kind === 'file' &&
      target.path.startsWith('src-shared/') &&
      target.path !== 'src-shared/contract/channels.ts' &&
      !typeOnly
        ? 'a preload takes only types and channel names from the contract (`import type`): schemas would be bundled into it'
        : null,
  },
  {
    name: 'phases-apart',
    breaks(from, target) {
      if (!from.startsWith('src-renderer/engine/') || target.kind !== 'file') return null
      const phase = phaseOf(target.path)
      if (!phase || phaseOf(from) === phase || from === 'src-renderer/engine/phases/phases.ts') return null
      return 'a phase is only known to the table phases.ts: move what two phases share into train-loop.ts or a file of its own'
    },
  },
  {
    name: 'features-apart',
    breaks(from, target) {
      const feature = featureOf(from)
      const other = target.kind === 'file' ? featureOf(target.path) : undefined
      return feature && other && feature !== other
        ? 'a feature never imports another: move what both need to ui/components or ui/charts'
        : null
    },
  },
  {
    name: 'sources-without-tests',
    breaks: (from, target) =>
      isSource(from) && target.kind === 'file' && /^(tests|build)\//.test(target.path)
        ? 'what ships must not depend on tests or build scripts: move the code to the sources'
        : null,
  },
  {
    name: 'resolved',
    breaks: (_, target) =>
      target.kind === 'unresolved'
        ? `there is no file "${target.specifier}": relative imports are written with their extension (.ts, .tsx)`
        : null,
  },
]

const isPackage = (target: Target, name: string) => target.kind === 'package' && target.name === name

export function checkImports(file: SourceFile): Violation[] {
  return file.imports.flatMap(({ target, typeOnly, line }) =>
    importRules.flatMap(rule => {
      const message = rule.breaks(file.path, target, typeOnly)
      return message
        ? [{ rule: rule.name, path: file.path, line, message: `imports ${named(target)}: ${message}` }]
        : []
    }),
  )
}

const named = (target: Target) =>
  target.kind === 'file' ? target.path : target.kind === 'unresolved' ? target.specifier : target.name

/** Cycles of imports that exist at run time; each is reported once, at its first file. */
export function checkCycles(files: readonly SourceFile[]): Violation[] {
  const known = new Map(files.map(file => [file.path, file]))
  const next = (path: string): Import[] =>
    known.get(path)?.imports.filter(({ target, typeOnly }) => !typeOnly && target.kind === 'file') ?? []
  const violations: Violation[] = []
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      const cycle = [...trail.slice(start), path]
      violations.push({
        rule: 'no-cycles',
        path,
        line: 1,
        message: `imports itself by way of ${cycle.join(' → ')}: move what both need to a third file`,
      })
      return
    }
    if (done.has(path)) return
    for (const { target } of next(path)) if (target.kind === 'file') walk(target.path, [...trail, path])
    done.add(path)
  }
  for (const { path } of files) walk(path, [])
  return violations
}
