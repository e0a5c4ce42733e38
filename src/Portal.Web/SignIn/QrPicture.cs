using System.Text;
using QRCoder;

namespace Portal.Web.SignIn;

internal static class QrPicture
{
    private const int Module = 5;

    /// <summary>An address with the picture in it, dark on light in every theme: cameras want it so.</summary>
    public static string Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(data);
        return "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg.GetGraphic(Module)));
    }
}
