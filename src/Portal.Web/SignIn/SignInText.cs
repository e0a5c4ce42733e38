namespace Portal.Web.SignIn;

/// <summary>Names the texts of sign-in and of refusals: <c>SignInText.resx</c>, <c>SignInText.zh-Hans.resx</c>.</summary>
public sealed class SignInText;
