namespace Portal.Templates;

/// <summary>A piece of a template: text as it stands, or a place to be filled.</summary>
/// <param name="IsField">True for a place.</param>
/// <param name="Value">The text itself, or the field's name in its normal form (<see cref="FieldName.Normal"/>).</param>
public sealed record TemplatePart(bool IsField, string Value);
