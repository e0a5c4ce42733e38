namespace Portal.Web.Audit;

/// <summary>Names the texts of the audit pages: <c>AuditText.resx</c>, <c>AuditText.zh-Hans.resx</c>.</summary>
public sealed class AuditText;
