namespace Portal.Web.Operators;

/// <summary>Names the texts of the operator's pages: <c>OperatorsText.resx</c>, <c>OperatorsText.zh-Hans.resx</c>.</summary>
public sealed class OperatorsText;
