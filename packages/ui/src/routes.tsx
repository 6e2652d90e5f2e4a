import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { queryClient } from './api/query-client.ts';
import { isSignedOut } from './api/problems.ts';
import { Crashed, CrashedOutside } from './frame/crashed.tsx';
import { Frame } from './frame/frame.tsx';
import { NotFound } from './frame/not-found.tsx';
import { auditSearch } from './pages/audit/search.ts';
import { catalogueSearch } from './pages/catalogue/search.ts';
import { eventsSearch } from './pages/events/search.ts';
import { overviewSearch } from './pages/overview/search.ts';
import { reportSearch } from './pages/report-event/search.ts';
import { inboxSearch } from './pages/inboxes/search.ts';
import { editWebhookSearch, newWebhookSearch } from './pages/webhook-edit/search.ts';
import { deliveriesSearch } from './pages/deliveries/search.ts';
import { webhookSearch } from './pages/webhook/search.ts';
import { linkSearch, signInSearch } from './pages/sign-in/search.ts';
import { sessionQuery, signInWaysQuery } from './queries/session.ts';
import { webhooksSearch } from './parts/webhook-list/search.ts';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

// Without being signed in.

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in.tsx'), 'SignIn'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: linkSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in/setup.tsx'), 'Setup'),
});

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  validateSearch: linkSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in/join.tsx'), 'Join'),
});

// Signed in: every page below stands in the frame. The operator may open the catalogue to all.

const frame = createRoute({
  getParentRoute: () => root,
  id: 'in',
  component: Frame,
  errorComponent: CrashedOutside,
  beforeLoad: async ({ location }) => {
    try {
      return { session: await queryClient.query({ ...sessionQuery, staleTime: 'static' }) };
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      if (await isForAll(location.pathname)) return { session: null };
      // oxlint-disable-next-line only-throw-error -- how TanStack Router is told to go elsewhere
      throw redirect({ to: '/sign-in', search: { next: location.href } });
    }
  },
});

async function isForAll(path: string): Promise<boolean> {
  if (!/^\/catalogue(\/|$)/.test(path)) return false;
  return (await queryClient.query({ ...signInWaysQuery, staleTime: 'static' })).catalogue;
}

const overview = createRoute({
  getParentRoute: () => frame,
  path: '/',
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import('./pages/overview/overview.tsx'), 'Overview'),
});

const firstRun = createRoute({
  getParentRoute: () => frame,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/first-run/first-run.tsx'), 'FirstRun'),
});

const webhooks = createRoute({
  getParentRoute: () => frame,
  path: '/webhooks',
  validateSearch: webhooksSearch,
  component: lazyRouteComponent(() => import('./pages/webhooks/webhooks.tsx'), 'Webhooks'),
});

const newWebhook = createRoute({
  getParentRoute: () => frame,
  path: '/webhooks/new',
  validateSearch: newWebhookSearch,
  component: lazyRouteComponent(() => import('./pages/webhook-edit/new-webhook.tsx'), 'NewWebhook'),
});

const editWebhook = createRoute({
  getParentRoute: () => frame,
  path: '/webhooks/$webhook/edit',
  validateSearch: editWebhookSearch,
  component: lazyRouteComponent(
    () => import('./pages/webhook-edit/edit-webhook.tsx'),
    'EditWebhook',
  ),
});

const events = createRoute({
  getParentRoute: () => frame,
  path: '/events',
  validateSearch: eventsSearch,
  component: lazyRouteComponent(() => import('./pages/events/events.tsx'), 'Events'),
});

const event = createRoute({
  getParentRoute: () => frame,
  path: '/events/$event',
  component: lazyRouteComponent(() => import('./pages/event/event.tsx'), 'Event'),
});

const reportEvent = createRoute({
  getParentRoute: () => frame,
  path: '/events/report',
  validateSearch: reportSearch,
  component: lazyRouteComponent(
    () => import('./pages/report-event/report-event.tsx'),
    'ReportEvent',
  ),
});

const webhook = createRoute({
  getParentRoute: () => frame,
  path: '/webhooks/$webhook',
  validateSearch: webhookSearch,
  component: lazyRouteComponent(() => import('./pages/webhook/webhook.tsx'), 'WebhookPage'),
});

const deliveries = createRoute({
  getParentRoute: () => frame,
  path: '/deliveries',
  validateSearch: deliveriesSearch,
  component: lazyRouteComponent(() => import('./pages/deliveries/deliveries.tsx'), 'Deliveries'),
});

const delivery = createRoute({
  getParentRoute: () => frame,
  path: '/deliveries/$delivery',
  component: lazyRouteComponent(() => import('./pages/delivery/delivery.tsx'), 'DeliveryPage'),
});

const catalogue = createRoute({
  getParentRoute: () => frame,
  path: '/catalogue',
  validateSearch: catalogueSearch,
  component: lazyRouteComponent(() => import('./pages/catalogue/catalogue.tsx'), 'Catalogue'),
});

const action = createRoute({
  getParentRoute: () => frame,
  path: '/catalogue/$action',
  component: lazyRouteComponent(() => import('./pages/catalogue/action.tsx'), 'Action'),
});

const inboxes = createRoute({
  getParentRoute: () => frame,
  path: '/inboxes',
  component: lazyRouteComponent(() => import('./pages/inboxes/inboxes.tsx'), 'Inboxes'),
});

const inbox = createRoute({
  getParentRoute: () => frame,
  path: '/inboxes/$inbox',
  validateSearch: inboxSearch,
  component: lazyRouteComponent(() => import('./pages/inboxes/inbox.tsx'), 'InboxPage'),
});

const integrations = createRoute({
  getParentRoute: () => frame,
  path: '/settings/integrations',
  validateSearch: webhooksSearch,
  component: lazyRouteComponent(
    () => import('./pages/integrations/integrations.tsx'),
    'Integrations',
  ),
});

const people = createRoute({
  getParentRoute: () => frame,
  path: '/settings/people',
  component: lazyRouteComponent(() => import('./pages/people/people.tsx'), 'People'),
});

const keys = createRoute({
  getParentRoute: () => frame,
  path: '/settings/keys',
  component: lazyRouteComponent(() => import('./pages/keys/keys.tsx'), 'Keys'),
});

const audit = createRoute({
  getParentRoute: () => frame,
  path: '/settings/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/audit.tsx'), 'Audit'),
});

const profile = createRoute({
  getParentRoute: () => frame,
  path: '/settings/profile',
  component: lazyRouteComponent(() => import('./pages/profile/profile.tsx'), 'Profile'),
});

/** All pages. What a page needs of the address it validates itself, in its `search.ts`. */
export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    join,
    frame.addChildren([
      overview,
      firstRun,
      webhooks,
      newWebhook,
      editWebhook,
      webhook,
      events,
      event,
      reportEvent,
      deliveries,
      delivery,
      catalogue,
      action,
      inboxes,
      inbox,
      integrations,
      people,
      keys,
      audit,
      profile,
    ]),
  ]),
  defaultErrorComponent: Crashed,
  defaultNotFoundComponent: NotFound,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
