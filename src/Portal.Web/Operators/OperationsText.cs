namespace Portal.Web.Operators;

/// <summary>Names the texts of usage, system, deletion and acting: <c>OperationsText.resx</c>, <c>OperationsText.zh-Hans.resx</c>.</summary>
public sealed class OperationsText;
