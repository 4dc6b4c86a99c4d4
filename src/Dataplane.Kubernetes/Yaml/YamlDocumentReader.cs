using System.Diagnostics.CodeAnalysis;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// The documents of one file, one after the other. A document that cannot be read is reported, and reading continues at
/// the next <c>---</c>, so that one run finds the problems of all documents. Nothing is thrown, whatever the text.
/// </summary>
internal sealed class YamlDocumentReader
{
    private const int MaxFailures = 20;
    /// <summary>Repairs parse the document again: only for files that people write by hand.</summary>
    private const int MaxRepairableLength = 1 << 20;

    private readonly SourceText _source;
    private readonly DiagnosticBag _bag;
    private readonly Dictionary<int, (int Column, int Removed)> _columnShifts = [];
    private SourceText _text;
    private Parser? _parser;
    private int _baseLine;
    private int _documentLine;
    private int _lastLine;
    private int _failures;
    private int _repairs;
    private int _withoutMarkdown;
    private bool _ended;

    public YamlDocumentReader(SourceText source, DiagnosticBag bag)
    {
        _source = source;
        _text = source;
        _bag = bag;
        _documentLine = _lastLine = source.FirstLine;
    }

    /// <summary>
    /// Where the document that was read last begins: the line of its <c>---</c>, or of its first content where it has
    /// none.
    /// </summary>
    public int DocumentLine => _documentLine;

    /// <summary>The next document that could be read; false at the end of the text.</summary>
    public bool TryRead([NotNullWhen(true)] out YamlNode? document)
    {
        document = null;
        while (!_ended)
        {
            try
            {
                if (TryReadHere(out document))
                {
                    return true;
                }
                _ended = true;
            }
            catch (YamlRefusal refusal)
            {
                if (refusal.Diagnostic.Code != Codes.MarkdownEmphasis
                    || !TryRepair(d => d.FindMarkdown(refusal.Diagnostic.Position.Line)))
                {
                    _bag.Add(refusal.Diagnostic);
                    Skip();
                }
            }
            catch (YamlException e)
            {
                Recover(e, PlaceOf(e.Start));
            }
            // The library also throws InvalidOperationException, ArgumentException and others for malformed input.
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Recover(e, new SourcePosition(_source.File, _lastLine, 1));
            }
        }
        return false;
    }

    private bool TryReadHere([NotNullWhen(true)] out YamlNode? document)
    {
        if (_parser is null)
        {
            _parser = new Parser(new StringReader(_text.Text[_text.StartOf(_documentLine)..]));
            _baseLine = _documentLine - 1;
            Expect<StreamStart>();
        }
        // The end of a document is left for now: a fault right behind it must not take the document with it.
        if (_parser.Current is DocumentEnd)
        {
            _parser.MoveNext();
        }
        if (_parser.Current is StreamEnd)
        {
            document = null;
            return false;
        }
        _documentLine = PlaceOf(_parser.Current!.Start).Line;
        Expect<DocumentStart>();
        document = new YamlTreeBuilder(_parser, PlaceOf, _bag).Build();
        return _parser.Current is DocumentEnd
            ? true : throw new YamlException(_parser.Current!.Start, _parser.Current.End,
            "expected the end of the document");
    }

    private void Expect<T>()
        where T : ParsingEvent
    {
        if (_parser!.Current is null)
        {
            _parser.MoveNext();
        }
        if (_parser.Current is not T)
        {
            throw new YamlException(_parser.Current?.Start ?? Mark.Empty, _parser.Current?.End ?? Mark.Empty,
                "expected a new document");
        }
        _parser.MoveNext();
    }

    private SourcePosition PlaceOf(Mark mark)
    {
        var line = (int)Math.Clamp(mark.Line + _baseLine, 1, int.MaxValue);
        var column = (int)Math.Clamp(mark.Column, 1, int.MaxValue);
        if (_columnShifts.TryGetValue(line, out var shift) && column >= shift.Column)
        {
            column += shift.Removed;
        }
        _lastLine = Math.Max(_lastLine, line);
        return new SourcePosition(_source.File, line, column);
    }

    private void Recover(Exception failure, SourcePosition at)
    {
        if (TryRepair(d => d.FindTooDeep(at.Line) ?? d.FindMarkdown(at.Line)))
        {
            return;
        }
        // After a repair of Markdown, a complaint about tokens may come from the repair.
        foreach (var diagnostic in Doctor.Explain(at, failure)
            .Where(d => d.Code != Codes.Syntax || _withoutMarkdown != _documentLine))
        {
            _bag.Add(diagnostic);
        }
        Skip();
    }

    private SyntaxDoctor Doctor => new(_text, _source, _documentLine);

    /// <summary>
    /// Reports the fault and reads the document again without it, so that the faults behind it are found in the same
    /// run.
    /// </summary>
    private bool TryRepair(Func<SyntaxDoctor, SyntaxDoctor.Repair?> find)
    {
        if (_text.Text.Length > MaxRepairableLength || _repairs >= MaxFailures || find(Doctor) is not { } repair)
        {
            return false;
        }
        _repairs++;
        _withoutMarkdown = repair.Diagnostic.Code == Codes.MarkdownEmphasis ? _documentLine : _withoutMarkdown;
        _bag.Add(repair.Diagnostic);
        foreach (var shift in repair.Shifts)
        {
            var (column, removed) = _columnShifts.GetValueOrDefault(shift.Line, (shift.Column, 0));
            _columnShifts[shift.Line] = (Math.Min(column, shift.Column), removed + shift.Removed);
        }
        _text = new SourceText(_source.File, repair.Repaired, _source.FirstLine) { Namespace = _source.Namespace };
        _parser = null;
        return true;
    }

    /// <summary>
    /// Continues with the next document: a <c>---</c> in column 1 starts one whatever stands before it.
    /// </summary>
    private void Skip()
    {
        if (++_failures >= MaxFailures)
        {
            _ended = true;
            return;
        }
        for (var next = _documentLine + 1; next <= _text.LastLine; next++)
        {
            if (DocumentSlices.IsMarker(_text.Line(next), "---"))
            {
                _documentLine = next;
                _parser = null;
                return;
            }
        }
        _ended = true;
    }
}
