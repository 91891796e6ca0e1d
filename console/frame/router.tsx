import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { readTrailSearch } from '../trail/search.ts'
import { readUserSearch } from '../user/search.ts'
import { readUsersSearch } from '../users/search.ts'
import { Broken, NotFound } from './broken.tsx'
import { defined, text, whole } from './search.ts'
import { Shell } from './shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken })
const at = () => root

const readPage = (search: Record<string, unknown>) => defined({ cursor: text(search.cursor), size: whole(search.size) })

const overview = createRoute({
  getParentRoute: at,
  path: '/',
  component: lazyRouteComponent(() => import('../overview/overview.tsx'), 'Overview'),
})

export const usersRoute = createRoute({
  getParentRoute: at,
  path: '/users',
  validateSearch: readUsersSearch,
  component: lazyRouteComponent(() => import('../users/users.tsx'), 'Users'),
})

export const userRoute = createRoute({
  getParentRoute: at,
  path: '/users/$userId',
  params: {
    parse: ({ userId }) => ({ userId: Number(userId) }),
    stringify: ({ userId }) => ({ userId: String(userId) }),
  },
  validateSearch: readUserSearch,
  component: lazyRouteComponent(() => import('../user/user.tsx'), 'User'),
})

export const jobsRoute = createRoute({
  getParentRoute: at,
  path: '/jobs',
  validateSearch: readPage,
  component: lazyRouteComponent(() => import('../jobs/jobs.tsx'), 'Jobs'),
})

export const jobRoute = createRoute({
  getParentRoute: at,
  path: '/jobs/$jobId',
  params: {
    parse: ({ jobId }) => ({ jobId: Number(jobId) }),
    stringify: ({ jobId }) => ({ jobId: String(jobId) }),
  },
  component: lazyRouteComponent(() => import('../jobs/job.tsx'), 'Job'),
})

export const composerRoute = createRoute({
  getParentRoute: at,
  path: '/push/new',
  validateSearch: (search: Record<string, unknown>) => defined({ user: whole(search.user) }),
  component: lazyRouteComponent(() => import('../push/composer.tsx'), 'Composer'),
})

export const tasksRoute = createRoute({
  getParentRoute: at,
  path: '/push/tasks',
  validateSearch: readPage,
  component: lazyRouteComponent(() => import('../tasks/tasks.tsx'), 'Tasks'),
})

export const taskRoute = createRoute({
  getParentRoute: at,
  path: '/push/tasks/$taskId',
  params: {
    parse: ({ taskId }) => ({ taskId: Number(taskId) }),
    stringify: ({ taskId }) => ({ taskId: String(taskId) }),
  },
  component: lazyRouteComponent(() => import('../tasks/task.tsx'), 'Task'),
})

const notifiers = createRoute({
  getParentRoute: at,
  path: '/push/notifiers',
  component: lazyRouteComponent(() => import('../notifiers/notifiers.tsx'), 'Notifiers'),
})

export const trailRoute = createRoute({
  getParentRoute: at,
  path: '/audit',
  validateSearch: readTrailSearch,
  component: lazyRouteComponent(() => import('../trail/trail.tsx'), 'Trail'),
})

const apps = createRoute({
  getParentRoute: at,
  path: '/apps',
  component: lazyRouteComponent(() => import('../apps/apps.tsx'), 'Apps'),
})

const tokens = createRoute({
  getParentRoute: at,
  path: '/tokens',
  component: lazyRouteComponent(() => import('../tokens/tokens.tsx'), 'Tokens'),
})

const system = createRoute({
  getParentRoute: at,
  path: '/system',
  component: lazyRouteComponent(() => import('../system/system.tsx'), 'System'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    usersRoute,
    userRoute,
    jobsRoute,
    jobRoute,
    composerRoute,
    tasksRoute,
    taskRoute,
    notifiers,
    trailRoute,
    apps,
    tokens,
    system,
  ]),
  basepath: '/console',
  defaultPreload: 'intent',
  scrollRestoration: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
