// Code generated from openapi.json by npm run generate. DO NOT EDIT.

export interface paths {
    "/api/v1/activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record one activity or an array of up to 1,000
         * @description A single activity that is refused answers a problem document; in an array each one has its own result. A repeated id is recognised for 24 hours, with occurred_at at any age.
         *
         *     Roles: collect, edit or admin.
         */
        post: operations["record-activities"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activities/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the activities as server-sent events
         * @description Each accepted activity is an event named activity. It is for watching: a listener that is too slow misses some and gets an event named missed with their number. GET /changes/stream misses nothing.
         *
         *     Roles: read, edit or admin.
         */
        get: operations["stream-activities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the activity types
         * @description Roles: read, edit or admin.
         */
        get: operations["list-activity-types"];
        put?: never;
        /**
         * Define an activity type
         * @description A code that is taken answers 409.
         *
         *     Roles: edit or admin.
         */
        post: operations["create-activity-types"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity-types/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an activity type
         * @description Roles: read, edit or admin.
         */
        get: operations["get-activity-types"];
        /**
         * Define or redefine an activity type
         * @description Roles: edit or admin.
         */
        put: operations["put-activity-types"];
        post?: never;
        /**
         * Delete an activity type
         * @description What a condition uses is kept (409).
         *
         *     Roles: edit or admin.
         */
        delete: operations["delete-activity-types"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity-types/{code}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what becomes of an activity type
         * @description Roles: read, edit or admin.
         */
        get: operations["get-usage-of-activity-types"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Describe every condition type
         * @description Roles: read, edit or admin.
         */
        get: operations["get-catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the ordered feed of all entered and left records
         * @description Pass last as after to go on. With wait, an answer without records is held back until there are some or the time is over.
         *
         *     Roles: read, edit or admin.
         */
        get: operations["list-changes"];
        put?: never;
        /**
         * Load contacts and activities in bulk
         * @description The body is a stream of JSON lines, each {"contact": {...}} or {"activity": {...}}. Each line is accepted or rejected for itself; a result is sent after its line is durable. Errors point into the line. The answer is sent while the body is read: a client that asks for all results of a long stream has to read while it writes. The last line is {"summary": {...}}, with an error when the load ended early; what was accepted before stays.
         *
         *     Roles: collect, edit or admin.
         */
        post: operations["load-changes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the feed as server-sent events
         * @description Each event is named entered or left, its id is the record's number and its data the record. A client that reconnects with Last-Event-ID misses nothing.
         *
         *     Roles: read, edit or admin.
         */
        get: operations["stream-changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the channels
         * @description Roles: read, edit or admin.
         */
        get: operations["list-channels"];
        put?: never;
        /**
         * Define a channel
         * @description A code that is taken answers 409.
         *
         *     Roles: edit or admin.
         */
        post: operations["create-channels"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a channel
         * @description Roles: read, edit or admin.
         */
        get: operations["get-channels"];
        /**
         * Define or redefine a channel
         * @description Roles: edit or admin.
         */
        put: operations["put-channels"];
        post?: never;
        /**
         * Delete a channel
         * @description What a condition uses is kept (409).
         *
         *     Roles: edit or admin.
         */
        delete: operations["delete-channels"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{code}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what becomes of a channel
         * @description Roles: read, edit or admin.
         */
        get: operations["get-usage-of-channels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a manual clock forward
         * @description Only of a server that was started with a manual clock; answers 409 otherwise. Every group is up to date with the new instant when it answers.
         *
         *     Roles: admin.
         */
        post: operations["move-clock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conditions/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say why a contact matches a condition, or why not
         * @description The condition may be unfinished: parts with a problem are reported and left out.
         *
         *     Roles: read, edit or admin.
         */
        post: operations["explain-condition"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conditions/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Count the contacts that a condition matches
         * @description The condition may be unfinished: parts with a problem are reported and left out.
         *
         *     Roles: read, edit or admin.
         */
        post: operations["preview-condition"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the connectors
         * @description Roles: admin.
         */
        get: operations["list-connectors"];
        put?: never;
        /**
         * Make a connector
         * @description It keeps a list in another system equal to a group: who is on the list and not in the group is taken off it.
         *
         *     Roles: admin.
         */
        post: operations["create-connector"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a connector and how far it is
         * @description Roles: admin.
         */
        get: operations["get-connector"];
        put?: never;
        post?: never;
        /**
         * Delete a connector
         * @description The list in the other system stays as it is.
         *
         *     Roles: admin.
         */
        delete: operations["delete-connector"];
        options?: never;
        head?: never;
        /**
         * Change a connector
         * @description Roles: admin.
         */
        patch: operations["change-connector"];
        trace?: never;
    };
    "/api/v1/connectors/{id}/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare the whole list with the group now
         * @description Roles: admin.
         */
        post: operations["compare-connector"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a connector
         * @description Roles: admin.
         */
        post: operations["pause-connector"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a connector, or try at once what failed
         * @description Roles: admin.
         */
        post: operations["resume-connector"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask whether the list is there
         * @description Roles: admin.
         */
        post: operations["test-connector"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the consents
         * @description Roles: read, edit or admin.
         */
        get: operations["list-consents"];
        put?: never;
        /**
         * Define a consent
         * @description A code that is taken answers 409.
         *
         *     Roles: edit or admin.
         */
        post: operations["create-consents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/consents/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a consent
         * @description Roles: read, edit or admin.
         */
        get: operations["get-consents"];
        /**
         * Define or redefine a consent
         * @description Roles: edit or admin.
         */
        put: operations["put-consents"];
        post?: never;
        /**
         * Delete a consent
         * @description What a condition uses is kept (409).
         *
         *     Roles: edit or admin.
         */
        delete: operations["delete-consents"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/consents/{code}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what becomes of a consent
         * @description Roles: read, edit or admin.
         */
        get: operations["get-usage-of-consents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List or search contacts
         * @description Roles: read, edit or admin.
         */
        get: operations["list-contacts"];
        put?: never;
        /**
         * Create or update a contact by its identifiers
         * @description A collect key is told only the contact's id, whether it was created and what was ignored.
         *
         *     Roles: collect, edit or admin.
         */
        post: operations["save-contact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer the groups of a contact, for personalisation
         * @description With several identifiers, the strongest that somebody owns decides. A collect key looks up visitor ids only and sees only groups shown to websites.
         *
         *     Roles: collect, read, edit or admin.
         */
        post: operations["look-up-contact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a contact
         * @description Roles: read, edit or admin.
         */
        get: operations["get-contact"];
        put?: never;
        post?: never;
        /**
         * Erase a person for good
         * @description Erases the contact, or its parent, and all contacts merged into it. Their ids answer 410 from then on.
         *
         *     Roles: edit or admin.
         */
        delete: operations["erase-contact"];
        options?: never;
        head?: never;
        /**
         * Change a contact
         * @description What is not named stays. id and created_at cannot be written, and identifiers not be taken away.
         *
         *     Roles: edit or admin.
         */
        patch: operations["change-contact"];
        trace?: never;
    };
    "/api/v1/contacts/{id}/activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a contact's activities, latest first
         * @description Roles: read, edit or admin.
         */
        get: operations["list-contact-activities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export everything known of a person
         * @description The contact, its groups, all its activities and the history of its memberships, as one document to keep.
         *
         *     Roles: read, edit or admin.
         */
        get: operations["export-contact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the groups a contact is in
         * @description Roles: read, edit or admin.
         */
        get: operations["list-contact-groups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show when and why a contact entered and left groups, latest first
         * @description Roles: read, edit or admin.
         */
        get: operations["list-contact-history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merge a contact into another
         * @description Roles: edit or admin.
         */
        post: operations["merge-contact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the contact fields
         * @description Roles: read, edit or admin.
         */
        get: operations["list-fields"];
        put?: never;
        /**
         * Define a field
         * @description A code that is taken answers 409.
         *
         *     Roles: edit or admin.
         */
        post: operations["create-fields"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fields/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a field
         * @description Roles: read, edit or admin.
         */
        get: operations["get-fields"];
        /**
         * Define or redefine a field
         * @description Roles: edit or admin.
         */
        put: operations["put-fields"];
        post?: never;
        /**
         * Delete a field
         * @description What a condition uses is kept (409).
         *
         *     Roles: edit or admin.
         */
        delete: operations["delete-fields"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fields/{code}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what becomes of a field
         * @description Roles: read, edit or admin.
         */
        get: operations["get-usage-of-fields"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the groups
         * @description Roles: read, edit or admin.
         */
        get: operations["list-groups"];
        put?: never;
        /**
         * Create a group
         * @description Its condition is pending until the group is recalculated; with recalculate that begins at once.
         *
         *     Roles: edit or admin.
         */
        post: operations["create-group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a group
         * @description Roles: read, edit or admin.
         */
        get: operations["get-group"];
        put?: never;
        post?: never;
        /**
         * Delete a group
         * @description A group to which another one's condition refers is kept (409), and errors lists those groups.
         *
         *     Roles: edit or admin.
         */
        delete: operations["delete-group"];
        options?: never;
        head?: never;
        /**
         * Change a group
         * @description What is not named stays. A changed condition or time zone becomes pending; membership follows the active one until the group is recalculated.
         *
         *     Roles: edit or admin.
         */
        patch: operations["change-group"];
        trace?: never;
    };
    "/api/v1/groups/{code}/causes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count who entered and left a group, by cause
         * @description Counts every entering and leaving. Where there are very many, from in the answer is later than what was asked for.
         *
         *     Roles: read, edit or admin.
         */
        get: operations["count-group-causes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show who entered and left a group, latest first
         * @description Roles: read, edit or admin.
         */
        get: operations["list-group-changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the members of a group
         * @description Roles: read, edit or admin.
         */
        get: operations["list-group-contacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/contacts.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the members of a group as csv
         * @description Who is a member is fixed when the export begins. An export that cannot be finished breaks the connection.
         *
         *     Roles: read, edit or admin.
         */
        get: operations["export-group-csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/contacts.ndjson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the members of a group as ndjson
         * @description Who is a member is fixed when the export begins. An export that cannot be finished breaks the connection.
         *
         *     Roles: read, edit or admin.
         */
        get: operations["export-group-ndjson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/contacts/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the members of a group
         * @description Roles: read, edit or admin.
         */
        get: operations["count-group-contacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/explain/{contact}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say why a contact is in a group, or why not
         * @description Roles: read, edit or admin.
         */
        get: operations["explain-membership"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a group's size over time
         * @description Roles: read, edit or admin.
         */
        get: operations["get-group-history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare the pending condition with the membership
         * @description Roles: read, edit or admin.
         */
        get: operations["preview-group"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/recalculate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recalculate a group's membership
         * @description What is pending becomes active. Answers 202 with the progress, or with wait=true 200 when done; a server that is being stopped meanwhile answers 202. A second request joins the running recalculation.
         *
         *     Roles: edit or admin.
         */
        post: operations["recalculate-group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/recalculation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Cancel a group's recalculation
         * @description Roles: edit or admin.
         */
        delete: operations["cancel-recalculation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a group's conditions, newest first
         * @description Roles: read, edit or admin.
         */
        get: operations["list-group-versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{code}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a past condition pending again
         * @description Roles: edit or admin.
         */
        post: operations["restore-group-version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List imports, the latest first
         * @description Roles: edit or admin.
         */
        get: operations["list-imports"];
        put?: never;
        /**
         * Upload a file of contacts or activities
         * @description The body is the file as it is: CSV or NDJSON. The answer says what its columns become, as far as their headings tell; exports of HubSpot, Mailchimp, Mautic, Kentico Xperience and listmonk are recognised. Nothing is taken before the import is run. A run goes on where it was when the server is restarted; of several servers on one database any answers, and another goes on when the one that runs it is gone.
         *
         *     Roles: edit or admin.
         */
        post: operations["create-import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how far an import is
         * @description Roles: edit or admin.
         */
        get: operations["get-import"];
        put?: never;
        post?: never;
        /**
         * Remove an import that does not run, and its files
         * @description Roles: edit or admin.
         */
        delete: operations["forget-import"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/rejects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the rows that were not taken
         * @description In the form of the file, with the line and the reason; put right, it can be imported again.
         *
         *     Roles: edit or admin.
         */
        get: operations["download-import-rejects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run an import, or rehearse it
         * @description It goes on without the caller, and after a restart of the server with the first row that was not taken; who calls may wait for its end with wait=true; GET shows how far it is. Each row is taken or rejected for itself. A dry run reads and checks every row and changes nothing.
         *
         *     Roles: edit or admin.
         */
        post: operations["run-import"];
        /**
         * Cancel an import that runs
         * @description What was taken stays.
         *
         *     Roles: edit or admin.
         */
        delete: operations["cancel-import"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say how a file is to be read
         * @description Roles: edit or admin.
         */
        put: operations["configure-import"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the API keys
         * @description Roles: admin.
         */
        get: operations["list-keys"];
        put?: never;
        /**
         * Make an API key
         * @description The answer is the only one that carries the key's secret.
         *
         *     Roles: admin.
         */
        post: operations["create-key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description Roles: admin.
         */
        delete: operations["delete-key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the recipient lists
         * @description Roles: read, edit or admin.
         */
        get: operations["list-lists"];
        put?: never;
        /**
         * Define a recipient list
         * @description A code that is taken answers 409.
         *
         *     Roles: edit or admin.
         */
        post: operations["create-lists"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a recipient list
         * @description Roles: read, edit or admin.
         */
        get: operations["get-lists"];
        /**
         * Define or redefine a recipient list
         * @description Roles: edit or admin.
         */
        put: operations["put-lists"];
        post?: never;
        /**
         * Delete a recipient list
         * @description What a condition uses is kept (409).
         *
         *     Roles: edit or admin.
         */
        delete: operations["delete-lists"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/{code}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what becomes of a recipient list
         * @description Roles: read, edit or admin.
         */
        get: operations["get-usage-of-lists"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/options/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the values that a parameter may take
         * @description Roles: read, edit or admin.
         */
        get: operations["list-options"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overlap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Size every intersection of some groups
         * @description All sizes are exact and of one instant. only counts who is in no other of the groups compared, so the onlys add up to the union.
         *
         *     Roles: read, edit or admin.
         */
        post: operations["compare-groups"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recipients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Count or stream the contacts who may be written to
         * @description Contacts with an email, on the list and receiving it, in at least one included group and in no excluded one. Left out are always those who opted out of all mail and, without a list, those whose address bounced on any list. An unknown group, or one that was never calculated, is refused. A group whose condition changed answers by its active condition. With as=ndjson or as=csv the contacts are streamed; the header Muster-Recipients then holds what the count answers, as JSON. Count and contacts are of one instant, as_of, whatever changes while they are sent: exactly count contacts follow, each once.
         *
         *     Roles: read, edit or admin.
         */
        post: operations["list-recipients"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what is removed by age
         * @description Roles: read, edit or admin.
         */
        get: operations["get-retention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change what is removed by age
         * @description Nothing is removed before it is enabled; ask for a preview first. What is enabled begins with the next nightly run.
         *
         *     Roles: admin.
         */
        patch: operations["change-retention"];
        trace?: never;
    };
    "/api/v1/retention/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what a run by some rules would remove now
         * @description Exact counts: what would go by each rule, and which groups would lose or gain how many members. Rules left out are those that are kept.
         *
         *     Roles: edit or admin.
         */
        post: operations["preview-retention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the last 400 runs, latest first
         * @description Roles: read, edit or admin.
         */
        get: operations["list-retention-runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show who is signed in
         * @description Needs no credential.
         */
        get: operations["get-session"];
        put?: never;
        /**
         * Sign in
         * @description Sets the cookie of a session, which lasts 12 hours without a request and seven days at most. Guessing is slowed down per account and per address: 429 with Retry-After.
         *
         *     Needs no credential.
         */
        post: operations["sign-in"];
        /**
         * Sign out
         * @description Needs no credential.
         */
        delete: operations["sign-out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show for whom a one-time link is
         * @description Needs no credential.
         */
        post: operations["read-link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List how people can sign in
         * @description Needs no credential.
         */
        get: operations["list-sign-in-methods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Go to the provider of single sign-on
         * @description For the address bar of a browser, which is sent to the provider and comes back to the path that the parameter to names.
         *
         *     Needs no credential.
         */
        get: operations["start-oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Come back from the provider of single sign-on
         * @description Needs no credential.
         */
        get: operations["finish-oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change one's own password
         * @description All other sessions of the user end.
         *
         *     Roles: read, edit or admin.
         */
        post: operations["change-password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/redeem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a password by a one-time link and sign in
         * @description Needs no credential.
         */
        post: operations["redeem-link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the project's settings
         * @description Roles: read, edit or admin.
         */
        get: operations["get-settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the project's settings
         * @description Roles: admin.
         */
        patch: operations["change-settings"];
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how the program is
         * @description Roles: read, edit or admin.
         */
        get: operations["get-system"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the users
         * @description Roles: admin.
         */
        get: operations["list-users"];
        put?: never;
        /**
         * Add a user
         * @description The answer has a link by which the user chooses a password, once and within 24 hours; nobody can see it again.
         *
         *     Roles: admin.
         */
        post: operations["add-user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a user
         * @description Roles: admin.
         */
        get: operations["get-user"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description Roles: admin.
         */
        delete: operations["delete-user"];
        options?: never;
        head?: never;
        /**
         * Change a user
         * @description A new role holds at once, for sessions too. The last admin who can sign in stays one.
         *
         *     Roles: admin.
         */
        patch: operations["change-user"];
        trace?: never;
    };
    "/api/v1/users/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a one-time link to choose a password
         * @description Good for 24 hours; one that was made before stops working.
         *
         *     Roles: admin.
         */
        post: operations["make-link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recompute membership naively and compare
         * @description Compares the stored membership of every group with what an independent evaluator makes of each contact's facts.
         *
         *     Roles: admin.
         */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the webhooks
         * @description Roles: admin.
         */
        get: operations["list-webhooks"];
        put?: never;
        /**
         * Make a webhook
         * @description Requests to it carry the changes of groups, in order, each at least once, signed as Standard Webhooks describe. The answer is the only one that carries the secret.
         *
         *     Roles: admin.
         */
        post: operations["create-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a webhook and how far it is
         * @description Roles: admin.
         */
        get: operations["get-webhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description Roles: admin.
         */
        delete: operations["delete-webhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description Roles: admin.
         */
        patch: operations["change-webhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the last 100 requests to a webhook, latest first
         * @description Roles: admin.
         */
        get: operations["list-deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries/{delivery}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make one request again
         * @description With the same webhook-id, beside the others: it comes out of order. Answers how it went.
         *
         *     Roles: admin.
         */
        post: operations["replay-delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries/{delivery}/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what a request to a webhook carries
         * @description As it would be made now: with the filter, the identifiers and the erasures of now. What was sent is not kept.
         *
         *     Roles: admin.
         */
        get: operations["get-delivery-request"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a webhook
         * @description Nothing is sent until it is resumed; nothing is lost.
         *
         *     Roles: admin.
         */
        post: operations["pause-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on after any change
         * @description Everything after the change with that number is delivered, again where it was before; 0 begins at the beginning, the last number leaves out what is not delivered yet.
         *
         *     Roles: admin.
         */
        post: operations["replay-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a webhook, or try at once what failed
         * @description It goes on after its cursor.
         *
         *     Roles: admin.
         */
        post: operations["resume-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new secret
         * @description For 24 hours requests carry the signature of the secret before, too. The answer is the only one that carries the new secret.
         *
         *     Roles: admin.
         */
        post: operations["rotate-webhook-secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test to a webhook
         * @description Makes a request of the type webhook.test now, also when the webhook is paused, and answers how it went.
         *
         *     Roles: admin.
         */
        post: operations["test-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ActivitiesAnswer: {
            entered: components["schemas"]["Move"][];
            left: components["schemas"]["Move"][];
            results: components["schemas"]["ActivityResult"][];
        };
        Activity: {
            attributes: {
                [key: string]: unknown;
            };
            channel: string | null;
            occurred_at: string;
            type: string;
            value?: unknown;
        };
        ActivityBody: {
            /** @description Texts, numbers and booleans by name. */
            attributes?: {
                [key: string]: unknown;
            };
            /** @description The code of a channel. */
            channel?: string;
            contact: components["schemas"]["IdentifiersBody"];
            /** @description The sender's id, by which a repeated activity is recognised. */
            id?: string;
            /**
             * Format: date-time
             * @description By default now; at most five minutes ahead.
             */
            occurred_at?: string;
            /** @description The code of an activity type. */
            type: string;
            /** @description The activity's value: a text, number or boolean. */
            value?: unknown;
        };
        ActivityResult: {
            /** @description Whose activity it is; null when rejected. */
            contact_id: string | null;
            error?: components["schemas"]["ItemError"];
            /** @description The sender's id of the activity. */
            id: string | null;
            ignored?: string[] | null;
            /** @enum {string} */
            status: "accepted" | "duplicate" | "expired" | "rejected";
        };
        ActivityType: {
            attributes?: components["schemas"]["AttributeDef"][] | null;
            built_in?: boolean;
            code: string;
            name: string;
            /** Format: int64 */
            retention_days?: number;
        };
        AttributeDef: {
            code: string;
            name: string;
            type: string;
        };
        Cause: {
            /** @description The activity type, field, consent, list or group concerned. */
            code?: string;
            /** @enum {string} */
            kind: "activity" | "field" | "consent" | "list" | "identity" | "merge" | "time" | "condition" | "group" | "recalculation" | "erasure" | "retention";
        };
        CauseCount: {
            /** Format: int64 */
            entered: number;
            /** @enum {string} */
            kind: "activity" | "field" | "consent" | "list" | "identity" | "merge" | "time" | "condition" | "group" | "recalculation" | "erasure" | "retention";
            /** Format: int64 */
            left: number;
        };
        Causes: {
            /** @description Everything from here on is counted. */
            from: string;
            items: components["schemas"]["CauseCount"][];
            to: string;
        };
        Change: {
            at: string;
            cause: components["schemas"]["Cause"];
            /** @description Null when the contact was erased since. */
            contact_id: string | null;
            /** @enum {string} */
            direction: "entered" | "left";
            /** @description The group's code, also when it was deleted since. */
            group: string;
            /** Format: int64 */
            seq: number;
        };
        "Change-groupRequest": {
            /** @description The condition: {match, groups: [{match, not?, conditions: [...]}]}. GET /catalog lists the condition types. */
            condition?: unknown;
            description?: string;
            name?: string;
            /** @description Recalculate at once when something is pending. */
            recalculate?: boolean;
            /** @description Recalculate daily, at a minute between 02:00 and 06:00. */
            schedule_recalculation?: boolean;
            /** @description Whether a collect key's lookup answers the group. */
            shown_to_websites?: boolean;
            /** @description The group's own IANA time zone; the empty text is the project's. */
            time_zone?: string;
        };
        ChangeLine: {
            /** @description As in POST /activities. */
            activity?: components["schemas"]["ActivityBody"];
            /** @description As in POST /contacts. */
            contact?: components["schemas"]["ContactBody"];
        };
        Choice: {
            code: string;
            name: string;
        };
        ClockAnswer: {
            now: string;
        };
        "Compare-groupsRequest": {
            /** @description The codes of 2 to 10 groups. */
            groups: string[] | null;
        };
        ConditionExplanation: {
            as_of: string;
            /** @description The earliest instant at which time alone changes the answer; null when it never does, not within the 400 days that calendar conditions are looked ahead, or when there is too much to look at. */
            changes_at: string | null;
            contact_id: string;
            evidence?: components["schemas"]["Evidence"][] | null;
            /**
             * @description How the nodes of a group combine.
             * @enum {string}
             */
            match?: "all" | "any";
            matches: boolean;
            /** @description What is missing for a false node to become true: all of these. What a group of one condition lacks is said at that condition. */
            needs?: components["schemas"]["Need"][] | null;
            not: boolean;
            of?: components["schemas"]["ExplainedNode"][] | null;
            /** @description JSON Pointer into the condition. */
            pointer: string;
            /** @description What is unfinished; those parts are left out. */
            problems: components["schemas"]["Problem"][];
            sentence: string;
            /** @description The condition type; absent on groups of conditions. */
            type?: string;
        };
        Connector: {
            /**
             * Format: int64
             * @description How many people it has put on the list.
             */
            added: number;
            /**
             * Format: int64
             * @description How many changes that it is for wait, among the next 10,000.
             */
            behind: number;
            /** @description Whether there are more changes, of which it is not known yet how many it is for. */
            behind_more: boolean;
            /** @description When the first of those that wait happened; null when none does. */
            behind_since: string | null;
            /** Format: int64 */
            compare_hours: number;
            /** @description When the whole list was last made equal to the group. */
            compared_at: string | null;
            created_at: string;
            /**
             * Format: int64
             * @description The number of the change up to which the list follows the group.
             */
            cursor: number;
            /** Format: int64 */
            failures: number;
            group: string;
            id: string;
            /**
             * Format: int64
             * @description How many people it found unsubscribed or blocked there when it last compared, and since.
             */
            kept_out: number;
            /** @enum {string} */
            kind: "listmonk";
            last_error: string;
            name: string;
            next_attempt_at: string | null;
            /**
             * Format: int64
             * @description How many people it has taken off the list.
             */
            removed: number;
            /** @description Of its kind, without secrets. */
            settings: unknown;
            /** @enum {string} */
            status: "comparing" | "following" | "retrying" | "paused";
        };
        ConnectorInput: {
            /**
             * Format: int64
             * @description How often the whole list is compared with the group.
             * @default 24
             */
            compare_hours: number;
            /** @description The code of the group. */
            group: string;
            /** @enum {string} */
            kind: "listmonk";
            name?: string;
            paused?: boolean;
            /** @description Of its kind. listmonk: {url, username, token, list_id, confirmed?}. */
            settings: unknown;
        };
        ConnectorPatch: {
            /** Format: int64 */
            compare_hours?: number;
            name?: string;
            /** @description All of them, but for secrets, which stay when they are left out. */
            settings?: unknown;
        };
        ConnectorTest: {
            /** @description Why it does not. */
            error: string;
            works: boolean;
        };
        Contact: {
            /** @description The standing decision on all mail; null when there is none. */
            all_mail: components["schemas"]["Decision"] | null;
            /** @description The standing decision on each consent. */
            consents: {
                [key: string]: components["schemas"]["Decision"];
            };
            created_at: string;
            email: string | null;
            /** @description The customer's own id. */
            external_id: string | null;
            /** @description Field values by code, in the JSON form of the field's type. */
            fields: {
                [key: string]: unknown;
            };
            /** @description The contact's id, a UUID. */
            id: string;
            last_activity_at: string | null;
            /** @description The standing decision on each recipient list. */
            lists: {
                [key: string]: components["schemas"]["Decision"];
            };
            /** @description The ids of contacts merged into this one. */
            merged_ids: string[];
            visitor_ids: string[];
        };
        ContactAnswer: {
            /** @description The contact as it is now; absent for a collect key. */
            contact?: components["schemas"]["Contact"];
            contact_id: string;
            /** @description Whether this request created the contact. */
            created: boolean;
            entered: string[];
            /** @description The codes of all groups the contact is in now. */
            groups: string[];
            /** @description What a collect key was not allowed to change, such as email. */
            ignored?: string[] | null;
            left: string[];
        };
        ContactBody: {
            all_mail?: components["schemas"]["DecisionBody"];
            consents?: {
                [key: string]: components["schemas"]["DecisionBody"];
            };
            /**
             * Format: date-time
             * @description Only with an edit or admin key, and only when the contact is created.
             */
            created_at?: string;
            email?: string;
            external_id?: string;
            /** @description Values by field code; null clears one. The field email is the identifier. */
            fields?: {
                [key: string]: unknown;
            };
            /** @description A contact's id. */
            id?: string;
            lists?: {
                [key: string]: components["schemas"]["DecisionBody"];
            };
            visitor_id?: string;
        };
        Count: {
            at: string;
            /** Format: int64 */
            count: number;
        };
        "Create-groupRequest": {
            /** @description Lower-case letters, digits, - _ and ., beginning with a letter. */
            code: string;
            /** @description The condition: {match, groups: [{match, not?, conditions: [...]}]}. GET /catalog lists the condition types. */
            condition?: unknown;
            description?: string;
            name: string;
            /** @description Recalculate at once when something is pending. */
            recalculate?: boolean;
            /** @description Recalculate daily, at a minute between 02:00 and 06:00. */
            schedule_recalculation?: boolean;
            /** @description Whether a collect key's lookup answers the group. */
            shown_to_websites?: boolean;
            /** @description The group's own IANA time zone; the empty text is the project's. */
            time_zone?: string;
        };
        Credentials: {
            email: string;
            password: string;
        };
        Decision: {
            at: string;
            /** @enum {string} */
            state: "agreed" | "revoked" | "receiving" | "bounced" | "unsubscribed";
            /** @description The version of the text agreed to. */
            version?: string;
        };
        DecisionBody: {
            /**
             * Format: date-time
             * @description When it was decided; by default now. An older decision than the standing one is kept but does not stand.
             */
            at?: string;
            /** @description agreed or revoked of a consent; receiving, unsubscribed or bounced of a list; receiving or unsubscribed of all mail. */
            state: string;
            /** @description The version of the text agreed to. */
            version?: string;
        };
        Delivery: {
            at: string;
            /**
             * Format: int64
             * @description From 1.
             */
            attempt: number;
            /** @description Whether it carried net movements. */
            catching_up: boolean;
            /**
             * Format: int64
             * @description How many changes it carried.
             */
            changes: number;
            /** Format: int64 */
            duration_ms: number;
            /** @description Why it failed. */
            error: string;
            /**
             * Format: int64
             * @description The number of its first change.
             */
            first: number;
            /** @description The webhook-id of the request; attempts of the same request share it. */
            id: string;
            /** @enum {string} */
            kind: "changes" | "test" | "replay";
            /**
             * Format: int64
             * @description The number of its last change.
             */
            last: number;
            /** @description The beginning of what the endpoint answered when it failed. */
            response: string;
            /** @enum {string} */
            status: "delivered" | "failed";
            /**
             * Format: int64
             * @description What the endpoint answered; 0 when it did not.
             */
            status_code: number;
        };
        DeliveryRequest: {
            /** @description The body, with the first 10 of its changes. */
            body: unknown;
            /**
             * Format: int64
             * @description How many more changes the body has.
             */
            left_out: number;
        };
        DependentMove: {
            /**
             * Format: int64
             * @description How many contacts would enter it.
             */
            enters: number;
            group: string;
            /**
             * Format: int64
             * @description How many contacts would leave it.
             */
            leaves: number;
            /**
             * Format: int64
             * @description How many members the group would have.
             */
            members: number;
            name: string;
        };
        Description: {
            categories: string[] | null;
            operators: {
                [key: string]: components["schemas"]["OperatorInfo"][] | null;
            };
            types: components["schemas"]["TypeInfo"][] | null;
            units: components["schemas"]["Option"][] | null;
        };
        Difference: {
            contact_id: string;
            expected: boolean;
            group: string;
            stored: boolean;
        };
        Evidence: {
            /** @description The latest ones that match. */
            activities?: components["schemas"]["Activity"][] | null;
            /** @description When the decision was made. */
            at?: string;
            /**
             * Format: int64
             * @description How many are needed.
             */
            at_least?: number;
            /**
             * Format: int64
             * @description How many are permitted.
             */
            at_most?: number;
            /** @description The field, consent, list or group. */
            code?: string;
            /** @enum {string} */
            kind: "activities" | "field" | "consent" | "list" | "all_mail" | "group" | "identity";
            /**
             * Format: int64
             * @description How many activities match, up to 10,000.
             */
            matched?: number;
            member?: boolean;
            state?: string;
            /** @description The value; absent when there is none. */
            value?: unknown;
        };
        "Explain-conditionRequest": {
            /** @description The condition. */
            condition: unknown;
            /** @description The contact's id, external id or email. */
            contact: string;
            /** @description An IANA time zone; by default the project's. */
            time_zone?: string;
        };
        ExplainedNode: {
            /** @description The earliest instant at which time alone changes the answer; null when it never does, not within the 400 days that calendar conditions are looked ahead, or when there is too much to look at. */
            changes_at: string | null;
            evidence?: components["schemas"]["Evidence"][] | null;
            /**
             * @description How the nodes of a group combine.
             * @enum {string}
             */
            match?: "all" | "any";
            matches: boolean;
            /** @description What is missing for a false node to become true: all of these. What a group of one condition lacks is said at that condition. */
            needs?: components["schemas"]["Need"][] | null;
            not: boolean;
            of?: components["schemas"]["ExplainedNode"][] | null;
            /** @description JSON Pointer into the condition. */
            pointer: string;
            sentence: string;
            /** @description The condition type; absent on groups of conditions. */
            type?: string;
        };
        Explanation: {
            as_of: string;
            /** @description The earliest instant at which time alone changes the answer; null when it never does, not within the 400 days that calendar conditions are looked ahead, or when there is too much to look at. */
            changes_at: string | null;
            contact_id: string;
            evidence?: components["schemas"]["Evidence"][] | null;
            group: string;
            /**
             * @description How the nodes of a group combine.
             * @enum {string}
             */
            match?: "all" | "any";
            matches: boolean;
            /** @description Whether the contact is in the group now. */
            member: boolean;
            /** @description What is missing for a false node to become true: all of these. What a group of one condition lacks is said at that condition. */
            needs?: components["schemas"]["Need"][] | null;
            not: boolean;
            of?: components["schemas"]["ExplainedNode"][] | null;
            /** @description JSON Pointer into the condition. */
            pointer: string;
            sentence: string;
            /** @description When it last entered; null when it is not a member. */
            since: string | null;
            /** @description The condition type; absent on groups of conditions. */
            type?: string;
            /**
             * Format: int64
             * @description The version of the condition that is explained.
             */
            version: number;
        };
        Feed: {
            items: components["schemas"]["Change"][];
            /**
             * Format: int64
             * @description The number to pass as after to go on from here.
             */
            last: number;
            /** @description The number to pass as after when more records are there already; null otherwise. */
            next: string | null;
        };
        Field: {
            built_in?: boolean;
            choices?: components["schemas"]["Choice"][] | null;
            code: string;
            name: string;
            system?: boolean;
            type: string;
        };
        Form: {
            key: string;
            label: string;
            operand: string;
        };
        Gap: {
            from: string;
            to: string;
        };
        Group: {
            /** @description The condition that membership follows; null when the group was never calculated. */
            active: components["schemas"]["Version"] | null;
            code: string;
            created_at: string;
            description: string;
            /** @description Why the last recalculation failed. */
            failure?: string;
            /**
             * Format: int64
             * @description How many memberships the last scheduled run corrected; anything but 0 is a bug.
             */
            last_corrections: number;
            last_recalculated: string | null;
            /**
             * Format: int64
             * @description How many contacts are in the group now.
             */
            members: number;
            name: string;
            next_recalculation: string | null;
            /** @description The saved condition that waits for recalculation; null when there is none. */
            pending: components["schemas"]["Version"] | null;
            /** @description How far a running or waiting recalculation is; null when there is none. */
            progress: components["schemas"]["Progress"] | null;
            schedule_recalculation: boolean;
            /** @description The pending, else the active condition in words. */
            sentence: string;
            /**
             * Format: double
             * @description The share of all contacts that are in the group.
             */
            share: number;
            shown_to_websites: boolean;
            /** @enum {string} */
            status: "never_calculated" | "condition_changed" | "recalculating" | "up_to_date" | "failed";
            /** @description The group's own time zone; null when it follows the project's. */
            time_zone: string | null;
            /** @description The group's size in the last seven days; only in the list, when asked for. */
            trend?: components["schemas"]["Trend"];
            /** @description The codes of the groups whose conditions refer to this one. */
            used_by: string[];
            /** @description The codes of the groups to which this one's conditions refer. */
            uses: string[];
            /** @description Only after a save: what is permitted but may not be meant. */
            warnings?: components["schemas"]["Problem"][] | null;
        };
        GroupCorrections: {
            /** Format: int64 */
            count: number;
            group: string;
        };
        GroupFailure: {
            group: string;
            message: string;
        };
        IdentifiersBody: {
            email?: string;
            external_id?: string;
            /** @description A contact's id. */
            id?: string;
            visitor_id?: string;
        };
        Import: {
            /**
             * Format: int64
             * @description Its size.
             */
            bytes: number;
            /** @description Of NDJSON: those of its first rows. */
            columns: components["schemas"]["ImportColumn"][] | null;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /** @description Whether the last run was one that changes nothing. */
            dry_run: boolean;
            /** Format: date-time */
            ended_at: string | null;
            /** @description Why an import failed. */
            error?: string;
            /** @description The first rows of a dry run as they would be taken. */
            examples: components["schemas"]["ImportExample"][] | null;
            /** @description How the file is written, such as: CSV, semicolons. */
            format: string;
            id: string;
            /** @enum {string} */
            kind: "contacts" | "activities";
            /** @description What a column has to become before the import can run. */
            missing: ("identifier" | "type" | "occurred_at")[] | null;
            /** @description Of the file. */
            name: string;
            progress: components["schemas"]["ImportProgress"];
            /** @description The first rows that were not taken; GET .../rejects has all. */
            rejects: components["schemas"]["ImportReject"][] | null;
            settings: components["schemas"]["ImportSettings"];
            /** @enum {string} */
            state: "uploaded" | "running" | "checked" | "finished" | "cancelled" | "failed";
            /** @description The system that wrote the file, when its headings tell. */
            system: string | null;
        };
        ImportColumn: {
            /** @enum {string} */
            how: "asked" | "recognised" | "left out" | "unknown";
            name: string;
            /** @description Some of its values. */
            samples: string[] | null;
            /** @description Empty when it is left out. */
            target: string;
        };
        ImportExample: {
            /** Format: int64 */
            line: number;
            /** @description As a line of POST /changes. */
            record: {
                [key: string]: unknown;
            };
        };
        ImportProgress: {
            /**
             * Format: int64
             * @description In a dry run: that would be taken.
             */
            accepted: number;
            /**
             * Format: int64
             * @description Read so far, of the file's size.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Activities that are there already.
             */
            duplicate: number;
            /**
             * Format: int64
             * @description Activities that are older than their type is kept.
             */
            expired: number;
            /**
             * Format: int64
             * @description Accepted rows of which an identifier was left out, because another contact owns it.
             */
            ignored: number;
            /** Format: int64 */
            rejected: number;
            /**
             * Format: int64
             * @description Read so far, empty ones left out.
             */
            rows: number;
        };
        ImportReject: {
            /** Format: int64 */
            line: number;
            reason: string;
        };
        ImportSettings: {
            /**
             * @description How days like 3/4/2026 are written, or numbers since 1970.
             * @enum {string}
             */
            dates?: "" | "dmy" | "mdy" | "unix" | "unixms";
            /** @description Numbers are written like 1.234,50. */
            decimal_comma?: boolean;
            /** @description utf-8, utf-16, latin-1 or windows-1252; by default utf-8, or as a mark says. */
            encoding?: string;
            /** @enum {string} */
            format?: "" | "csv" | "ndjson";
            /** @description What columns become, by heading: email, external_id, visitor_id, a field's code, consents.CODE, lists.CODE, all_mail, created_at; of activities type, occurred_at, channel, value, id, attributes.NAME; or - to leave a column out. Others are recognised by their headings. */
            map?: {
                [key: string]: string;
            };
            /** @description Values for rows that have none, by what they become. */
            set?: {
                [key: string]: string;
            };
            /** @description Of times without an offset; by default the project's. */
            time_zone?: string;
        };
        Intersection: {
            /**
             * Format: int64
             * @description How many contacts are in all of these groups, whatever else they are in.
             */
            count: number;
            /** @description The codes of the groups in question. */
            groups: string[];
            /**
             * Format: int64
             * @description How many contacts are in all of these and in no other of the groups compared.
             */
            only: number;
        };
        Invitation: {
            link: components["schemas"]["Link"];
            user: components["schemas"]["User"];
        };
        ItemError: {
            code: string;
            errors?: components["schemas"]["Problem"][] | null;
            message: string;
        };
        Key: {
            created_at: string;
            id: string;
            /** @description To the hour; null when it was never used. */
            last_used_at: string | null;
            name: string;
            /** @enum {string} */
            role: "collect" | "read" | "edit" | "admin";
            /** @description The key itself, shown only in the answer that makes it. */
            secret?: string;
        };
        KeyInput: {
            /** @description What the key is for. */
            name: string;
            /** @enum {string} */
            role: "collect" | "read" | "edit" | "admin";
        };
        Link: {
            expires_at: string;
            /** @description The page of Muster's interface that takes the token behind the #. */
            path: string;
            /** @description The same with the address under which the server was asked. */
            url?: string;
        };
        LinkHolder: {
            /** @description Empty for the first admin, who chooses it. */
            email: string;
            expires_at: string;
            /** @description Whether it makes the first admin: then the email is asked for as well. */
            first: boolean;
            name: string;
        };
        LinkToken: {
            token: string;
        };
        LoadLine: {
            contact_id?: string;
            /** @description Its errors point into the line. */
            error?: components["schemas"]["ItemError"];
            /** @description The sender's id of the activity. */
            id?: string;
            ignored?: string[] | null;
            /**
             * Format: int64
             * @description The line's number, from 1.
             */
            line: number;
            /** @enum {string} */
            status: "accepted" | "duplicate" | "expired" | "rejected";
            /** @description Only on the last line, which has nothing else but error. */
            summary?: components["schemas"]["LoadSummary"];
        };
        LoadSummary: {
            /** Format: int64 */
            accepted: number;
            /** @description False when the load ended before its last line; what was accepted stays. */
            complete: boolean;
            /** Format: int64 */
            duplicate: number;
            /** Format: int64 */
            expired: number;
            /**
             * Format: int64
             * @description How many lines were read, empty ones left out.
             */
            lines: number;
            /** Format: int64 */
            rejected: number;
        };
        LookupAnswer: {
            /** @description Null when nobody has the identifier. */
            contact_id: string | null;
            /** @description The codes of the groups the contact is in. */
            groups: string[];
        };
        Member: {
            /** @description The standing decision on all mail; null when there is none. */
            all_mail: components["schemas"]["Decision"] | null;
            /** @description Why it entered then; absent for a membership of the past, and when it entered before history is kept. */
            cause?: components["schemas"]["Cause"];
            /** @description The standing decision on each consent. */
            consents: {
                [key: string]: components["schemas"]["Decision"];
            };
            created_at: string;
            email: string | null;
            /** @description The customer's own id. */
            external_id: string | null;
            /** @description Field values by code, in the JSON form of the field's type. */
            fields: {
                [key: string]: unknown;
            };
            /** @description The contact's id, a UUID. */
            id: string;
            last_activity_at: string | null;
            /** @description The standing decision on each recipient list. */
            lists: {
                [key: string]: components["schemas"]["Decision"];
            };
            /** @description The ids of contacts merged into this one. */
            merged_ids: string[];
            /** @description When the contact last entered the group; absent for a membership of the past. */
            since?: string;
            visitor_ids: string[];
        };
        Membership: {
            group: string;
            name: string;
            /** @description When the contact last entered the group. */
            since: string;
        };
        "Merge-contactRequest": {
            /** @description The id of the contact to merge into. */
            into: string;
            /**
             * @description Whose external id or email stays when both have a different one.
             * @enum {string}
             */
            keep?: "contact" | "into";
        };
        Move: {
            contact_id: string;
            group: string;
        };
        "Move-clockRequest": {
            /** @description The instant to move to. */
            to: string;
        };
        Named: {
            code: string;
            description?: string;
            kind?: string;
            name: string;
        };
        Need: {
            /**
             * Format: int64
             * @description How many are needed.
             */
            at_least?: number;
            /**
             * Format: int64
             * @description How many are permitted.
             */
            at_most?: number;
            /** @description Only what happened before this instant counts. */
            before?: string;
            /** @description What to send for it to become true; absent when no data brings it about, or none that follows from the condition. */
            change?: components["schemas"]["Suggestion"];
            code?: string;
            /**
             * @description Whether one of them has to change, or all.
             * @enum {string}
             */
            enough?: "one" | "all";
            /** @description Only what happened at this instant or later counts. */
            from?: string;
            /**
             * Format: int64
             * @description How many count now.
             */
            has?: number;
            /**
             * @description What is missing: time is what only the clock brings, never is what nothing brings.
             * @enum {string}
             */
            kind: "activities" | "measure" | "sequence" | "products" | "field" | "consent" | "list" | "all_mail" | "group" | "identity" | "time" | "never" | "conditions" | "one_of" | "all_of";
            of?: components["schemas"]["Need"][] | null;
            /** @description What would count but for the window. */
            outside?: components["schemas"]["Outside"];
            /** @description JSON Pointers into the condition. */
            pointers?: string[] | null;
            /** @description The need in words. */
            text: string;
            /** @description The value or state now; absent when there is none. */
            value?: unknown;
        };
        NodeCount: {
            /**
             * Format: int64
             * @description How many there are. Where it is estimated and nobody who was looked at matches, the middle of the range.
             */
            count: number;
            /** @description JSON Pointer into the condition. */
            pointer: string;
            /** @description Of what is estimated: with 95 percent, there are so many. */
            range?: components["schemas"]["Range"];
            sentence?: string;
        };
        OIDCMethod: {
            name: string;
            /** @description Where a link leads to; ?to= is the path to come back to. */
            start: string;
        };
        OperatorInfo: {
            label: string;
            negative?: boolean;
            op: string;
            operand: string;
        };
        Option: {
            code: string;
            name: string;
        };
        Outside: {
            /**
             * Format: int64
             * @description How many lie outside the window, up to 10,000.
             */
            count: number;
            /** @description When the one nearest to the window happened. */
            nearest: string;
            /**
             * Format: int64
             * @description By how many seconds it lies after the window.
             */
            too_new_by?: number;
            /**
             * Format: int64
             * @description By how many seconds it lies before the window.
             */
            too_old_by?: number;
        };
        Overlap: {
            as_of: string;
            /**
             * Format: int64
             * @description How many contacts there are in all.
             */
            contacts: number;
            /** @description The groups in the order asked for. */
            groups: components["schemas"]["OverlapGroup"][];
            /** @description Every combination of one group or more, the smaller combinations first. */
            intersections: components["schemas"]["Intersection"][];
            /**
             * Format: int64
             * @description How many contacts are in at least one of the groups.
             */
            union: number;
        };
        OverlapGroup: {
            code: string;
            /** Format: int64 */
            members: number;
            name: string;
            /** @enum {string} */
            status: "never_calculated" | "condition_changed" | "recalculating" | "up_to_date" | "failed";
        };
        PageActivity: {
            items: components["schemas"]["Activity"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageActivityType: {
            items: components["schemas"]["ActivityType"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageConnector: {
            items: components["schemas"]["Connector"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageContact: {
            items: components["schemas"]["Contact"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageDelivery: {
            items: components["schemas"]["Delivery"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageField: {
            items: components["schemas"]["Field"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageGroup: {
            items: components["schemas"]["Group"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageImport: {
            items: components["schemas"]["Import"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageKey: {
            items: components["schemas"]["Key"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageMember: {
            items: components["schemas"]["Member"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageMembership: {
            items: components["schemas"]["Membership"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageNamed: {
            items: components["schemas"]["Named"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageRetentionRun: {
            items: components["schemas"]["RetentionRun"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageSourceOption: {
            items: components["schemas"]["SourceOption"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageUser: {
            items: components["schemas"]["User"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageVersion: {
            items: components["schemas"]["Version"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PageWebhook: {
            items: components["schemas"]["Webhook"][];
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        ParamInfo: {
            by?: string;
            default?: string;
            forms?: components["schemas"]["Form"][] | null;
            /** Format: int64 */
            high?: number;
            kind: string;
            kinds?: string[] | null;
            label: string;
            /** Format: int64 */
            low?: number;
            missing?: string;
            name: string;
            operand?: string;
            options?: components["schemas"]["Option"][] | null;
            required?: boolean;
            source?: string;
            steps?: components["schemas"]["ParamInfo"][] | null;
            values?: string;
            when?: components["schemas"]["When"];
        };
        PasswordChange: {
            /** @description Empty for who has none yet. */
            current: string;
            password: string;
        };
        Past: {
            items: components["schemas"]["Change"][];
            /** @description From when on records are kept; null when all are. Earlier ones have been given up. */
            known_from: string | null;
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        PendingPreview: {
            as_of: string;
            /** @description The groups that refer to this one, directly or through others, and would move with it. */
            dependents: components["schemas"]["DependentMove"][];
            enters: components["schemas"]["Sample"];
            leaves: components["schemas"]["Sample"];
            /**
             * Format: int64
             * @description How many members the group would have.
             */
            members: number;
        };
        Person: {
            /** @description All activities, latest first. */
            activities: components["schemas"]["Activity"][];
            contact: components["schemas"]["Contact"];
            exported_at: string;
            groups: components["schemas"]["Membership"][];
            /** @description When and why the person entered and left groups, latest first. */
            history: components["schemas"]["Change"][];
        };
        Preview: {
            as_of: string;
            /**
             * Format: int64
             * @description How many contacts there are in all.
             */
            contacts: number;
            /**
             * Format: int64
             * @description How many there are. Where it is estimated and nobody who was looked at matches, the middle of the range.
             */
            count: number;
            /** @description Who would enter the group asked about. */
            enters?: components["schemas"]["Sample"];
            /** @description Whether all contacts were looked at. Otherwise each count is estimated, and has a range. */
            exact: boolean;
            /** @description Who would leave it. */
            leaves?: components["schemas"]["Sample"];
            /**
             * Format: int64
             * @description How many contacts were looked at: all, or a random sample of them.
             */
            looked_at: number;
            /** @description Each condition for itself. */
            per_condition: components["schemas"]["NodeCount"][];
            /** @description Each condition group for itself, nested ones too. */
            per_group: components["schemas"]["NodeCount"][];
            problems: components["schemas"]["Problem"][];
            /** @description Of what is estimated: with 95 percent, there are so many. */
            range?: components["schemas"]["Range"];
            sentence: string;
        };
        "Preview-conditionRequest": {
            /** @description The condition. */
            condition: unknown;
            /** @description Answer at once. Where it takes long to look at all contacts the counts are estimated from a random sample. */
            estimate?: boolean;
            /** @description The code of a group: who would enter and leave it. */
            group?: string;
            /** @description An IANA time zone; by default the project's. */
            time_zone?: string;
        };
        Problem: {
            code: string;
            location: string;
            message: string;
        };
        ProblemDocument: {
            /** @description A stable name that programs may rely on. */
            code: string;
            /** @description What was expected, in a sentence. */
            detail: string;
            /** @description Each place of the input that is wrong, by JSON Pointer; parameters of the query and path by their name. */
            errors?: components["schemas"]["Problem"][] | null;
            /** @description What became of a request that would have written: what was kept of it. */
            kept?: string;
            /** Format: int64 */
            status: number;
            /** @description The meaning of the status. */
            title: string;
            /** @description A URN that names the kind of problem. */
            type: string;
        };
        Progress: {
            /** Format: double */
            share: number;
            /** @enum {string} */
            stage: "waiting" | "calculating";
        };
        Range: {
            /** Format: int64 */
            high: number;
            /** Format: int64 */
            low: number;
        };
        Rates: {
            /** Format: double */
            batches: number;
            /** Format: double */
            items: number;
        };
        Readiness: {
            /** @description What is wrong, and what to do. */
            message?: string;
            /** @description The instant of the last commit. */
            now: string;
            /** @enum {string} */
            status: "ready" | "clock" | "reading" | "failed";
        };
        Recalculation: {
            group: string;
            name: string;
            /** Format: double */
            share: number;
            /** @enum {string} */
            stage: "waiting" | "calculating";
        };
        RecipientGroup: {
            code: string;
            /** Format: int64 */
            members: number;
            /** @enum {string} */
            status: "condition_changed" | "recalculating" | "up_to_date" | "failed";
            /** @enum {string} */
            use: "include" | "exclude";
        };
        Recipients: {
            as_of: string;
            /** Format: int64 */
            count: number;
            /** @description The groups asked about, with the status of each. */
            groups: components["schemas"]["RecipientGroup"][];
        };
        RecipientsInput: {
            /** @description Codes of groups: no members of any. */
            exclude?: string[] | null;
            /** @description Codes of groups: only members of at least one. Without any, the list alone decides. */
            include?: string[] | null;
            /** @description The code of a recipient list: only contacts who receive it. */
            list?: string;
        };
        Redemption: {
            /** @description Of the first admin only. */
            email?: string;
            name?: string;
            password: string;
            token: string;
        };
        "Replay-webhookRequest": {
            /**
             * Format: int64
             * @description The number of a change.
             */
            after: number;
        };
        Retention: {
            /** @description The types whose activities are not kept for ever. */
            activities: components["schemas"]["RetentionType"][];
            /**
             * Format: int64
             * @description After how many days without an activity anonymous contacts are erased; 0 is never.
             */
            anonymous_days: number;
            /** @description Whether anything is removed, and late activities past their type's days are refused. */
            enabled: boolean;
            /**
             * Format: int64
             * @description The hour of the project's time zone at which the nightly run begins.
             */
            hour: number;
            /**
             * Format: int64
             * @description The same for contacts with an email or an external id.
             */
            known_days: number;
            /** @description The last run that ended; null when none has. */
            last_run: components["schemas"]["RetentionRun"] | null;
            /** @description When the next run begins; null while not enabled. */
            next_run: string | null;
            /** @description The run that is at work; null when none is. */
            running: components["schemas"]["RetentionRun"] | null;
            /** @description The project's time zone. */
            time_zone: string;
        };
        RetentionAged: {
            /**
             * Format: int64
             * @description How many activities would go.
             */
            activities: number;
            before: string;
            /**
             * Format: int64
             * @description How many contacts have one of them.
             */
            contacts: number;
            /** Format: int64 */
            days: number;
            type: string;
        };
        RetentionDormant: {
            before: string;
            /**
             * Format: int64
             * @description How many contacts would be erased.
             */
            contacts: number;
            /** Format: int64 */
            days: number;
            /** @enum {string} */
            kind: "anonymous" | "known";
        };
        RetentionErased: {
            /** @description Contacts made before this instant without an activity since go. */
            before: string;
            /** Format: int64 */
            days: number;
            /** @enum {string} */
            kind: "anonymous" | "known";
            /** Format: int64 */
            removed: number;
        };
        RetentionInput: {
            /** @description Replaces the days of all activity types: those left out are kept for ever. */
            activities?: components["schemas"]["RetentionType"][];
            /**
             * Format: int64
             * @description 0 is never.
             */
            anonymous_days?: number;
            enabled?: boolean;
            /**
             * Format: int64
             * @description 0 to 23.
             */
            hour?: number;
            /**
             * Format: int64
             * @description 0 is never.
             */
            known_days?: number;
        };
        RetentionMove: {
            /** Format: int64 */
            enters: number;
            group: string;
            /** Format: int64 */
            leaves: number;
            /**
             * Format: int64
             * @description How many members the group would have.
             */
            members: number;
            name: string;
        };
        RetentionPreview: {
            /** @description What would go of each activity type with a rule. */
            activities: components["schemas"]["RetentionAged"][];
            as_of: string;
            /** @description Who would be erased by each rule for contacts. */
            contacts: components["schemas"]["RetentionDormant"][];
            /** @description The groups whose members would change. */
            groups: components["schemas"]["RetentionMove"][];
        };
        RetentionRemoved: {
            /** @description Activities before this instant go. */
            before: string;
            /** Format: int64 */
            days: number;
            /** Format: int64 */
            removed: number;
            type: string;
        };
        RetentionRules: {
            /** @description Replaces the days of all activity types: those left out are kept for ever. */
            activities?: components["schemas"]["RetentionType"][];
            /**
             * Format: int64
             * @description 0 is never.
             */
            anonymous_days?: number;
            /**
             * Format: int64
             * @description 0 is never.
             */
            known_days?: number;
        };
        RetentionRun: {
            activities: components["schemas"]["RetentionRemoved"][];
            contacts: components["schemas"]["RetentionErased"][];
            ended_at: string | null;
            /**
             * Format: int64
             * @description How many change records with the cause retention it made.
             */
            entered: number;
            id: string;
            /** Format: int64 */
            left: number;
            started_at: string;
            /**
             * @description It is stopped when retention is switched off in the middle.
             * @enum {string}
             */
            status: "running" | "done" | "stopped";
            /**
             * Format: int64
             * @description How many commits it took.
             */
            steps: number;
        };
        RetentionType: {
            /** Format: int64 */
            days: number;
            type: string;
        };
        Sample: {
            contacts: components["schemas"]["Contact"][];
            /**
             * Format: int64
             * @description How many there are. Where it is estimated and nobody who was looked at matches, the middle of the range.
             */
            count: number;
            /** @description Of what is estimated: with 95 percent, there are so many. */
            range?: components["schemas"]["Range"];
        };
        ScheduledRun: {
            at: string;
            group: string;
            name: string;
        };
        Session: {
            /** @description Always empty: requests from other websites are recognised by their headers. */
            csrf: string;
            /** @description Whether this is a demonstration, which signs in by itself. */
            demo: boolean;
            user: components["schemas"]["User"];
        };
        Settings: {
            /**
             * Format: int64
             * @description For how many days history is kept: members at a past instant, sizes over time, entered and left records. 0 is for ever.
             */
            history_days: number;
            /** @description The IANA name of the time zone in which calendar words are read. */
            time_zone: string;
        };
        SettingsInput: {
            /**
             * Format: int64
             * @description For how many days history is kept, up to 36500; 0 is for ever. What is older is given up at once and for good.
             */
            history_days?: number;
            /** @description An IANA time zone. Groups that depend on it are recalculated. */
            time_zone?: string;
        };
        SignInMethods: {
            demo: boolean;
            /** @description Whether nobody administers yet: the link that the server printed at its start makes the first admin. */
            first: boolean;
            /** @description Null where nobody signs in by OpenID Connect. */
            oidc: components["schemas"]["OIDCMethod"] | null;
            password: boolean;
        };
        Size: {
            /** @description The end of the step. */
            at: string;
            /** Format: int64 */
            entered: number;
            /** Format: int64 */
            left: number;
            /** Format: int64 */
            members: number;
        };
        SizeHistory: {
            /** @description When nobody looked: what moved in a gap is recorded at its end. */
            gaps: components["schemas"]["Gap"][];
            items: components["schemas"]["Size"][];
            /** @description From when on the size is known: since the group was created, or since when history is kept. Items begin with the first whole step after that. */
            known_from: string;
            /** @description Pass it as cursor to get the next page; null on the last one. */
            next: string | null;
        };
        Sizes: {
            /** Format: int64 */
            activities: number;
            /** @description By what they hold. */
            bytes: {
                [key: string]: number;
            };
            /** Format: int64 */
            changes: number;
            /** Format: int64 */
            contacts: number;
            /** Format: int64 */
            merged: number;
        };
        SourceOption: {
            code: string;
            /** @description The kinds of value as which conditions compare it; the catalogue lists their operators. */
            kinds?: string[] | null;
            name: string;
        };
        Suggestion: {
            /** @description Items of POST /activities, but for the contact. */
            activities?: {
                [key: string]: unknown;
            }[] | null;
            /** @description Members of a body of POST /contacts, but for the identifiers. */
            contact?: {
                [key: string]: unknown;
            };
        };
        System: {
            /** @description Groups whose last scheduled run corrected something; anything here is a bug. */
            corrections: components["schemas"]["GroupCorrections"][];
            /** @description Groups whose last recalculation failed. */
            failures: components["schemas"]["GroupFailure"][];
            /** @description The version of Go it was built with. */
            go: string;
            /** @description How many groups have each status. */
            groups: {
                [key: string]: number;
            };
            health: components["schemas"]["Readiness"];
            /** @description How many changes had each outcome since the start. */
            items: {
                [key: string]: number;
            };
            /** @description The limits in force, by name. */
            limits: {
                [key: string]: number;
            };
            /** @description Bytes of the process: heap in use, and all that it has from the system. */
            memory: {
                [key: string]: number;
            };
            rates: components["schemas"]["Rates"];
            /** @description Those that run or wait. */
            recalculations: components["schemas"]["Recalculation"][];
            /** @description The daily recalculations, the next one first. */
            scheduled: components["schemas"]["ScheduledRun"][];
            settings: components["schemas"]["Settings"];
            sizes: components["schemas"]["Sizes"];
            started_at: string;
            /** Format: int64 */
            uptime_seconds: number;
            version: string;
        };
        Trend: {
            /**
             * Format: int64
             * @description How much larger the group is than seven days ago.
             */
            change: number;
            /** @description Eight sizes, the oldest first, the last one as of now. */
            sizes: number[];
        };
        TypeInfo: {
            activity_types?: string[] | null;
            category: string;
            common?: components["schemas"]["ParamInfo"][] | null;
            label: string;
            parameters?: components["schemas"]["ParamInfo"][] | null;
            sentence: string;
            synonyms?: string[] | null;
            type: string;
        };
        Usage: {
            as_of: string;
            /** @description How many contacts: with_value of a field; agreed and revoked of a consent; receiving, bounced and unsubscribed of a list; ever, last_30_days and last_24_hours of an activity type or channel. */
            counts: {
                [key: string]: number;
            };
            /** @description The codes of the groups whose active or pending condition names it. */
            used_by: string[];
            /** @description Values seen of the field, or of each attribute of the activity type, the most frequent ones first. */
            values: components["schemas"]["ValueSample"][];
        };
        User: {
            created_at: string;
            email: string;
            id: string;
            last_signed_in_at: string | null;
            name: string;
            /** @enum {string} */
            role: "viewer" | "editor" | "admin";
            /** @description How the user can sign in. */
            sign_in: ("password" | "oidc")[];
            /**
             * @description Invited is who has never been able to sign in yet.
             * @enum {string}
             */
            status: "active" | "invited" | "disabled";
        };
        UserInput: {
            email: string;
            name?: string;
            /** @enum {string} */
            role: "viewer" | "editor" | "admin";
        };
        UserPatch: {
            /** @description A disabled user cannot sign in; all sessions of theirs end at once. */
            disabled?: boolean;
            email?: string;
            name?: string;
            /** @enum {string} */
            role?: "viewer" | "editor" | "admin";
        };
        ValueSample: {
            code: string;
            name: string;
            values: string[];
        };
        Verification: {
            as_of: string;
            /**
             * Format: int64
             * @description How many contacts were examined.
             */
            contacts: number;
            /** @description The first 100 of them. */
            differences: components["schemas"]["Difference"][];
            /** Format: int64 */
            groups: number;
            /**
             * Format: int64
             * @description How many memberships differ; anything but 0 is a bug.
             */
            wrong: number;
        };
        VerifyRequest: {
            /**
             * Format: int64
             * @description How many contacts to examine, chosen at random; 0 is all.
             */
            sample?: number;
        };
        Version: {
            /** @description When membership began to follow it; null when it never did. */
            activated_at: string | null;
            author: string;
            /** @description A condition: {match, groups: [{match, not?, conditions: [...]}]}. GET /catalog lists the condition types and their parameters. */
            condition: {
                [key: string]: unknown;
            };
            /** Format: int64 */
            number: number;
            saved_at: string;
            sentence: string;
            /** @description Each single condition in words, in the order of the document. */
            sentences: string[];
            time_zone: string | null;
        };
        Webhook: {
            /** Format: int64 */
            batch_seconds: number;
            /** Format: int64 */
            batch_size: number;
            /**
             * Format: int64
             * @description How many changes that it is for wait, among the next 10,000.
             */
            behind: number;
            /** @description Whether there are more changes, of which it is not known yet how many it is for. */
            behind_more: boolean;
            /** @description When the first of those that wait happened; null when none does. */
            behind_since: string | null;
            /** @description Whether it is so far behind that it gets net movements. */
            catching_up: boolean;
            /** @description Only changes with these causes; empty is every cause. */
            causes: string[];
            created_at: string;
            /**
             * Format: int64
             * @description The number of the change up to which everything was delivered.
             */
            cursor: number;
            description: string;
            /**
             * @description Only changes in this direction; null is both.
             * @enum {string|null}
             */
            direction: "entered" | "left" | null;
            /**
             * Format: int64
             * @description How often the request that is due has failed.
             */
            failures: number;
            /** @description Only changes of these groups; empty is every group. */
            groups: string[];
            id: string;
            /** @description Whether changes carry the contact's external id and email. */
            identifiers: boolean;
            /**
             * Format: int64
             * @description The number of the last change there is, of any group.
             */
            last_change: number;
            last_delivered_at: string | null;
            last_error: string;
            next_attempt_at: string | null;
            /**
             * @description asked: somebody paused it; failing: it failed for days; gone: it answered 410; expired: changes after its cursor are not kept any more, so it would miss some: rewind it to say where it goes on.
             * @enum {string|null}
             */
            paused_because: "asked" | "failing" | "gone" | "expired" | null;
            /** Format: int64 */
            per_second: number;
            /** @description What requests are signed with, shown only in the answer that makes it. */
            secret?: string;
            /**
             * @description retrying: the last request failed and is going to be made again.
             * @enum {string}
             */
            status: "active" | "retrying" | "paused";
            url: string;
        };
        WebhookInput: {
            /**
             * Format: int64
             * @description Begin after the change with this number; 0 is the very first. Without it, with what happens from now on.
             */
            after?: number;
            /**
             * Format: int64
             * @description How long to gather changes for one request.
             * @default 1
             */
            batch_seconds: number;
            /**
             * Format: int64
             * @description The most changes in one request.
             * @default 500
             */
            batch_size: number;
            /** @description Only changes with these causes. */
            causes?: string[] | null;
            description?: string;
            /**
             * @description Only changes in this direction.
             * @enum {string}
             */
            direction?: "entered" | "left";
            /** @description Only changes of these groups, by code; without any, every group. */
            groups?: string[] | null;
            /** @description Send the contact's external id and email along. */
            identifiers?: boolean;
            /** @description Make it paused. */
            paused?: boolean;
            /**
             * Format: int64
             * @description The most requests in a second.
             * @default 10
             */
            per_second: number;
            /** @description Where requests go, http or https. Addresses in private networks have to be allowed by the setting delivery_allow. */
            url: string;
        };
        WebhookPatch: {
            /** Format: int64 */
            batch_seconds?: number;
            /** Format: int64 */
            batch_size?: number;
            causes?: string[];
            description?: string;
            /** @enum {string} */
            direction?: "entered" | "left" | "both";
            groups?: string[];
            identifiers?: boolean;
            /** Format: int64 */
            per_second?: number;
            url?: string;
        };
        When: {
            parameter: string;
            value: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "record-activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "attributes": {
                 *         "page": "/pricing",
                 *         "url": "https://example.com/pricing"
                 *       },
                 *       "channel": "shop",
                 *       "contact": {
                 *         "visitor_id": "4f1c"
                 *       },
                 *       "id": "evt-1",
                 *       "type": "page_visit"
                 *     }
                 */
                "application/json": components["schemas"]["ActivityBody"] | components["schemas"]["ActivityBody"][];
            };
        };
        responses: {
            /** @description A result for each activity, and which groups contacts entered or left */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivitiesAnswer"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "stream-activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-activity-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageActivityType"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "create-activity-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivityType"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityType"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-activity-types": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityType"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "put-activity-types": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivityType"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityType"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "delete-activity-types": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-usage-of-activity-types": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Description"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-changes": {
        parameters: {
            query?: {
                /** @description Only records with a greater number. */
                after?: number;
                /** @description Only records of this group. */
                group?: string;
                /** @description Only records in this direction. */
                direction?: "entered" | "left";
                /** @description Only records with these causes, separated by commas. */
                cause?: ("activity" | "field" | "consent" | "list" | "identity" | "merge" | "time" | "condition" | "group" | "recalculation" | "erasure" | "retention")[] | null;
                /** @description How long to wait for a record, up to 1m. */
                wait?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Feed"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "load-changes": {
        parameters: {
            query?: {
                /** @description all answers a line for every line; rejected only for those that were rejected. */
                results?: "all" | "rejected";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["ChangeLine"];
            };
        };
        responses: {
            /** @description One line per line, then a summary */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["LoadLine"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "stream-changes": {
        parameters: {
            query?: {
                /** @description Only records with a greater number; by default only those from now on. */
                after?: string;
                /** @description Only records of this group. */
                group?: string;
                /** @description Only records in this direction: entered or left. */
                direction?: string;
                /** @description Only records with these causes, separated by commas. */
                cause?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageNamed"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "create-channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Named"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Named"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-channels": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Named"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "put-channels": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Named"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Named"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "delete-channels": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-usage-of-channels": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "move-clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Move-clockRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClockAnswer"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "explain-condition": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Explain-conditionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConditionExplanation"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "preview-condition": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "condition": {
                 *         "groups": [
                 *           {
                 *             "conditions": [
                 *               {
                 *                 "type": "identified"
                 *               }
                 *             ],
                 *             "match": "all"
                 *           }
                 *         ],
                 *         "match": "all"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Preview-conditionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageConnector"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "create-connector": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectorInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connector"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-connector": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connector"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "delete-connector": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "change-connector": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectorPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connector"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "compare-connector": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connector"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "pause-connector": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connector"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "resume-connector": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connector"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "test-connector": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectorTest"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageNamed"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "create-consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Named"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Named"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-consents": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Named"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "put-consents": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Named"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Named"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "delete-consents": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-usage-of-consents": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-contacts": {
        parameters: {
            query?: {
                /** @description next of the previous page. */
                cursor?: string;
                limit?: number;
                /** @description Contained in the name, email, external id or id. */
                search?: string;
                /** @description Only members of this group. */
                group?: string;
                /** @description By when they were created or last active; - puts the latest first. By default in the order in which they came into being here. */
                sort?: "created" | "-created" | "last_activity" | "-last_activity";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageContact"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "save-contact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "consents": {
                 *         "tracking": {
                 *           "state": "agreed",
                 *           "version": "3"
                 *         }
                 *       },
                 *       "email": "ada@example.com",
                 *       "external_id": "c-1001",
                 *       "fields": {
                 *         "country": "AT",
                 *         "first_name": "Ada"
                 *       },
                 *       "lists": {
                 *         "newsletter": {
                 *           "state": "receiving"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ContactBody"];
            };
        };
        responses: {
            /** @description The contact as it is now, its groups, and which of them it entered or left */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactAnswer"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "look-up-contact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "visitor_id": "4f1c"
                 *     }
                 */
                "application/json": components["schemas"]["IdentifiersBody"];
            };
        };
        responses: {
            /** @description The groups; none for somebody unknown */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookupAnswer"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-contact": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A contact's id; a merged contact's answers with its parent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "erase-contact": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A contact's id; a merged contact's answers with its parent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "change-contact": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A contact's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "consents": {
                 *         "tracking": {
                 *           "state": "agreed",
                 *           "version": "3"
                 *         }
                 *       },
                 *       "email": "ada@example.com",
                 *       "external_id": "c-1001",
                 *       "fields": {
                 *         "country": "AT",
                 *         "first_name": "Ada"
                 *       },
                 *       "lists": {
                 *         "newsletter": {
                 *           "state": "receiving"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ContactBody"];
            };
        };
        responses: {
            /** @description The contact as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactAnswer"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-contact-activities": {
        parameters: {
            query?: {
                /** @description next of the previous page. */
                cursor?: string;
                limit?: number;
                /** @description Only these activity types; several separated by commas. */
                type?: string[] | null;
                /** @description Only these channels; several separated by commas. */
                channel?: string[] | null;
                /** @description Only activities at this instant or later. */
                from?: string;
                /** @description Only activities before this instant. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description A contact's id; a merged contact's answers with its parent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageActivity"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "export-contact": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A contact's id; a merged contact's answers with its parent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-contact-groups": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A contact's id; a merged contact's answers with its parent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageMembership"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-contact-history": {
        parameters: {
            query?: {
                /** @description next of the previous page. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description A contact's id; a merged contact's answers with its parent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Past"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "merge-contact": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A contact's id; a merged contact's answers with its parent. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Merge-contactRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactAnswer"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageField"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "create-fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Field"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Field"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-fields": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Field"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "put-fields": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Field"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Field"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "delete-fields": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-usage-of-fields": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-groups": {
        parameters: {
            query?: {
                /** @description Contained in the code, name or description. */
                search?: string;
                /** @description Only groups with this status. */
                status?: "never_calculated" | "condition_changed" | "recalculating" | "up_to_date" | "failed";
                /** @description The order; - turns it. change is the change of size in seven days. */
                sort?: "code" | "-code" | "name" | "-name" | "members" | "-members" | "change" | "-change" | "status" | "-status" | "last_recalculated" | "-last_recalculated" | "next_recalculation" | "-next_recalculation";
                /** @description Tell the sizes of the last seven days. */
                trend?: boolean;
                /** @description next of the previous page. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageGroup"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "create-group": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "engaged",
                 *       "condition": {
                 *         "groups": [
                 *           {
                 *             "conditions": [
                 *               {
                 *                 "params": {
                 *                   "pages": [
                 *                     "/pricing"
                 *                   ],
                 *                   "times": {
                 *                     "at_least": 3
                 *                   },
                 *                   "within": {
                 *                     "last": "30d"
                 *                   }
                 *                 },
                 *                 "type": "visited-page"
                 *               }
                 *             ],
                 *             "match": "any"
                 *           }
                 *         ],
                 *         "match": "all"
                 *       },
                 *       "name": "Engaged",
                 *       "recalculate": true
                 *     }
                 */
                "application/json": components["schemas"]["Create-groupRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-group": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "delete-group": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "change-group": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Change-groupRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "count-group-causes": {
        parameters: {
            query?: {
                /** @description By default 30 days before now. */
                from?: string;
            };
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Causes"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-group-changes": {
        parameters: {
            query?: {
                /** @description next of the previous page. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Past"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-group-contacts": {
        parameters: {
            query?: {
                /** @description next of the previous page. */
                cursor?: string;
                limit?: number;
                /** @description An instant of the past; by default now. */
                at?: string;
                /** @description Contained in the name, email, external id or id. */
                search?: string;
                /** @description created: by the contact's creation; -since: who entered last comes first; since: who entered first. */
                sort?: "created" | "since" | "-since";
            };
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageMember"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "export-group-csv": {
        parameters: {
            query?: {
                /** @description An instant of the past; by default now. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The members */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "export-group-ndjson": {
        parameters: {
            query?: {
                /** @description An instant of the past; by default now. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The members */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "count-group-contacts": {
        parameters: {
            query?: {
                /** @description An instant of the past; by default now. */
                at?: string;
            };
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Count"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "explain-membership": {
        parameters: {
            query?: {
                /** @description Explain the pending condition instead of the active one. */
                pending?: boolean;
            };
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
                /** @description The contact's id, external id or email. */
                contact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-group-history": {
        parameters: {
            query?: {
                /** @description By default 30 steps before to. */
                from?: string;
                /** @description By default now. */
                to?: string;
                /** @description The length of a step, in the project's time zone; weeks begin on Monday. */
                per?: "hour" | "day" | "week";
            };
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SizeHistory"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "preview-group": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingPreview"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "recalculate-group": {
        parameters: {
            query?: {
                /** @description Answer when the recalculation has ended. */
                wait?: boolean;
            };
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "cancel-recalculation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-group-versions": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageVersion"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "restore-group-version": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The group's code. */
                code: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageImport"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "create-import": {
        parameters: {
            query: {
                /** @description What each row describes. */
                kind: "contacts" | "activities";
                /** @description The file's name, which its rejects are named after. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The import */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-import": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "forget-import": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "download-import-rejects": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The import's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "run-import": {
        parameters: {
            query?: {
                /** @description Read and check every row, and change nothing. */
                dry_run?: boolean;
                /** @description Answer when it has ended. */
                wait?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "cancel-import": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "configure-import": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageKey"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "create-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "delete-key": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageNamed"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "create-lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Named"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Named"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-lists": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Named"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "put-lists": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Named"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Named"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "delete-lists": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-usage-of-lists": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-options": {
        parameters: {
            query?: {
                /** @description Contained in the value or its name. */
                q?: string;
                /** @description Activity types, separated by commas: of the source attributes, only theirs. */
                types?: string[] | null;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description A source of the catalogue, field:CODE or attribute:NAME. */
                source: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageSourceOption"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "compare-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "groups": [
                 *         "engaged",
                 *         "customers"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Compare-groupsRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overlap"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-recipients": {
        parameters: {
            query?: {
                /** @description What to answer. */
                as?: "count" | "ndjson" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "exclude": [
                 *         "customers"
                 *       ],
                 *       "include": [
                 *         "engaged"
                 *       ],
                 *       "list": "newsletter"
                 *     }
                 */
                "application/json": components["schemas"]["RecipientsInput"];
            };
        };
        responses: {
            /** @description How many they are, or the contacts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recipients"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "change-retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetentionInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "preview-retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetentionRules"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionPreview"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-retention-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageRetentionRun"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "read-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkToken"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkHolder"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-sign-in-methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInMethods"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "start-oidc": {
        parameters: {
            query?: {
                /** @description A path of this server to come back to. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where to go on */
            303: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "finish-oidc": {
        parameters: {
            query?: {
                /** @description What the provider exchanges for the person's identity. */
                code?: string;
                /** @description What it was given at the departure. */
                state?: string;
                /** @description Why it vouches for nobody. */
                error?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where to go on */
            303: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "redeem-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Redemption"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "change-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageUser"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "add-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "delete-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "change-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "make-link": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageWebhook"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "create-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "direction": "entered",
                 *       "groups": [
                 *         "engaged"
                 *       ],
                 *       "identifiers": true,
                 *       "url": "https://shop.example/hooks/muster"
                 *     }
                 */
                "application/json": components["schemas"]["WebhookInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "delete-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "change-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "list-deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageDelivery"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "replay-delivery": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "get-delivery-request": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryRequest"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "pause-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "replay-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Replay-webhookRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "resume-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "rotate-webhook-secret": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    "test-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
}
