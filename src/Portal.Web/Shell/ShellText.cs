namespace Portal.Web.Shell;

/// <summary>Names the texts of the shell: <c>ShellText.resx</c>, <c>ShellText.zh-Hans.resx</c>.</summary>
public sealed class ShellText;
