namespace Portal.Live;

/// <summary>Something of a tenant that a page may show has changed: a sending, a campaign, an account, an import.</summary>
/// <param name="SubjectId">Empty: anything may have changed, since changes were missed.</param>
public sealed record LiveChange(Guid TenantId, Guid SubjectId);
