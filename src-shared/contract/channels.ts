// Names of what passes between the desktop's main process, its preloads and their pages. No schemas here: a preload is
// bundled with what it imports.
export const channels = {
  /** Preload → main: a page is ready for its port to the core. */
  connect: 'andromeda:connect',
  /** Main → preload → page, with one MessagePort. The window message of the UI's page has this as its data. */
  port: 'andromeda:port',
  /** The same for the engine's page. */
  enginePort: 'engine-port',
  /** UI preload → main: paths of dropped or picked files; answers opaque file ids. */
  grantPaths: 'andromeda:grant-paths',
} as const
