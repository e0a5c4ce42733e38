namespace Portal.Live;

/// <summary>Something of a tenant that a page may show has changed: a sending, a campaign, an account, an import.</summary>
public sealed record LiveChange(Guid TenantId, Guid SubjectId);
