namespace Portal.Web.Shell;

/// <summary>How much a <see cref="Notice"/> matters: news, a warning, something that does not work.</summary>
public enum NoticeTone { Info, Warn, Fail }
