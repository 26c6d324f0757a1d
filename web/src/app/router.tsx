import { createBrowserRouter, Navigate } from "react-router";
import { RouteError } from "./RouteError";
import { SessionGate } from "./SessionGate";
import { Shell } from "./Shell";
import { Loading } from "../shared/states";

// Every screen is a chunk of its own: lazy answers {Component} of its module.
export const router = createBrowserRouter([
  { path: "link", lazy: () => import("./LinkScreen"), HydrateFallback: () => null, errorElement: <RouteError /> },
  {
    element: <SessionGate />,
    errorElement: <RouteError />,
    HydrateFallback: () => null,
    children: [
      {
        element: <Shell />,
        hydrateFallbackElement: <Loading />,
        children: [
          {
            errorElement: <RouteError />,
            children: [
              { index: true, element: <Navigate to="/groups" replace /> },
              { path: "groups", lazy: () => import("../groups/GroupsScreen") },
              { path: "groups/new", lazy: () => import("../groups/NewGroupScreen") },
              {
                path: "groups/:code",
                lazy: () => import("../groups/GroupScreen"),
                children: [
                  { index: true, lazy: () => import("../groups/OverviewScreen") },
                  { path: "condition", lazy: () => import("../builder/ConditionScreen") },
                  { path: "contacts", lazy: () => import("../groups/MembersScreen") },
                  { path: "changes", lazy: () => import("../groups/ChangesScreen") },
                  { path: "versions", lazy: () => import("../groups/VersionsScreen") },
                ],
              },
              { path: "contacts", lazy: () => import("../contacts/ContactsScreen") },
              { path: "contacts/:id/*", lazy: () => import("../contacts/ContactScreen") },
              { path: "compare", lazy: () => import("../compare/CompareScreen") },
              { path: "live", lazy: () => import("../live/LiveScreen") },
              { path: "data/*", lazy: () => import("../data/DataScreen") },
              { path: "system", lazy: () => import("../system/SystemScreen") },
              { path: "retention", lazy: () => import("../retention/RetentionScreen") },
              { path: "deliveries/*", lazy: () => import("../deliveries/DeliveriesScreen") },
              { path: "users", lazy: () => import("../administration/UsersScreen") },
              { path: "keys", lazy: () => import("../administration/KeysScreen") },
              { path: "account", lazy: () => import("../administration/AccountScreen") },
              { path: "*", lazy: () => import("./NotFoundScreen") },
            ],
          },
        ],
      },
    ],
  },
]);
