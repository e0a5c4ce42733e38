namespace Portal.Templates;

/// <summary>What filling a template gave: the text, or the names of the fields that it lacked.</summary>
/// <param name="Text">Null when a field was missing.</param>
/// <param name="Missing">Normal forms, in the order of their places.</param>
public sealed record RenderedText(string? Text, IReadOnlyList<string> Missing);
