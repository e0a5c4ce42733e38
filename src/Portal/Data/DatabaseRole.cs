namespace Portal.Data;

/// <summary>The login roles of the database, each with its own rights and its own pool (design section 4).</summary>
public enum DatabaseRole
{
    /// <summary>Owns the schema; used at deploy time only, never by the running portal.</summary>
    Migrator,

    /// <summary>Pages and use cases of tenants, under row-level security.</summary>
    App,

    /// <summary>As <see cref="App"/>, and may read sealed secrets, leases and due work.</summary>
    Dispatch,

    /// <summary>Inserts raw receipts, nothing else.</summary>
    Inbox,

    /// <summary>Reads the inbox, then works as one tenant a transaction.</summary>
    Applier,

    /// <summary>Users, sessions, memberships.</summary>
    Identity,

    /// <summary>Tenants' metadata and totals, by explicit policies.</summary>
    Operator,

    /// <summary>The schema of Hangfire.</summary>
    Hangfire,

    /// <summary>The key store: a database of its own.</summary>
    Keys,
}
