"""Words from which French passwords are made, without accents nor spaces. Django's own list is English above all.

Written by hand: first names, animals, food, places, clubs, heroes, months, endearments, keyboards. A password made of
one of them and of digits is refused (accounts.passwords).
"""

FRENCH_WORDS = frozenset(
    """
    aaaaaa abeille abricot accueil acheter admin administrateur adrien afrique agathe agence aicha alain albert
    alexandra alexandre alexia alexis alice alicia aline allemagne allezlesbleus allezlom amandine amelie amiens amour
    amoureuse amoureux amourtoujours anais andre andrea ange angelina angelique angers anglais animal animaux anissa
    anne annecy annee annie anniversaire anthony antoine antoinette aout appartement ariane arnaud arsenal arthur asse
    asterix athena atlantique aubergine audrey aurelie aurelien aurore automne avenir avignon avion avocat avril
    axelle azerty azertyqsdf azertyqsdfgh azertyui azertyuiop azertyuiopq azur babette baguette baleine ballon banane
    baptiste barbara barcelone bastien bateau batman beatrice beaugosse bebe bebecadum beignet belgique belle
    benedicte benjamin benoit berlin bernadette bernard bertrand besancon bianca biche bichette bidule bienvenue bijou
    biscotte biscuit bisou bisounours bisous blanc blanche bleu blondie bobby bonbon bonheur bonjour
    bonjourtoutlemonde bonsoir bordeaux boubou bougie boulanger boule bouledeneige boulogne bourgogne boursier
    bouteille boxeur bradley brebis bresil brest bretagne breton brigitte brioche brune bruno bruxelles bureau cabinet
    cacahuete cachou caen calimero calin caline camille camion camping canada canaille canape canard canelle cannelle
    cannes caramel caramelle carole caroline carotte carottes casino cassandra cassandre castor catherine cecile
    cedric celestine celia celine cendrillon cerise cerises chacal chaise chameau champagne champignon champion chance
    chanel changemoi changezmoi chanson chantal chantilly chapeau charlemagne charles charlie charline charlotte
    chasseur chat chaton chats chaussette chaussure chelsea cheri cherie cheval chevalier chevaux chevre chien chienne
    chiens chipie chirurgie chloe chocolat chocolate chouchou chouchoute chouette choupette choupinou christelle
    christian christiane christine christophe cigale cinema citron citronnelle citrouille clafoutis claire clara
    clarisse claude claudia claudine clement clementine clermont clinique coca cocacola coccinelle cochon coco cocotte
    coeur coeurs coiffeur colette college colombe comete compta comptabilite concombre confiture connexion constance
    convergence copain copine coquelicot coquette coquine corentin corinne corse coucou coucoucoucou courgette
    couscous cousin cousine crevette croissant croquette cuisine cyril dakota dalida damien daniel daniela danielle
    danse danseuse daphne dauphin dauphine davidoff deborah decembre delphine demain denis denise depart desire
    desiree dessin diabolo diamant diane didier dieu dijon dimanche dimitri dinosaure directeur direction divine
    docteur doctolib dodo dolphin dominique donald donjon dorian doris dorothee douceur doudou doudoune dragon
    dragonball dragons droopy dubai dunkerque dylan eclair ecole ecureuil edith edouard edwige egypte eiffel eleonore
    elephant elisa elisabeth elise ellipse elodie eloise emeline emeraude emilie emilien emma emmanuel emmanuelle
    enfant enfants enzo ephemere epicerie equipe eric erika ermite esante escargot espace espagne esperance espoir
    esteban estelle esther etienne etoile etoiles etudiant eugenie europe evasion evelyne fabien fabienne fabrice
    facebook facile famille fanny fantome fatima faustine felicie felix femme fenetre ferrari fete fevrier fiat fille
    filou fiona firmin flamant flamme flavie fleur fleurs flocon florence florent florian floriane fontaine foot
    football footballeur foret forever fraise fraises framboise francais francaise france francine francis franck
    francois francoise frederic frederique frere frimousse fripouille fromage fruit gabriel gabrielle gaelle gaetan
    galaxie galette garage garcon gaspard gateau gazelle gendarme genevieve geraldine gerard germaine ghislaine
    gilbert gilles ginette girafe giraffe giroud glacon goldorak gorille gourmand gourmandise grandmere grandpere
    grece grenoble grenouille gribouille griezmann griotte guadeloupe guepard guillaume guitare guitariste gwendoline
    habibi halloween hamster hannibal haribo harmonie harrypotter heleme helene hello henri hermes hermine heureuse
    heureux hibou hirondelle hiver homard homer hopital horizon hortense hubert hugo iloveyou impossible indien
    infirmier infirmiere informatique ingrid internet invite irene isabelle italie jacqueline jacques janvier japon
    jardin jardinier jasmin jasmine jean jeanine jeanne jeanpierre jennifer jeremie jeremy jerome jessica jesus
    jetadore jetaime jetaimefort jetaimetrop jeteaime joachim joelle johanna johnny jolie joly jonathan jordan joseph
    josephine jouer jouet jour joyeux judith juillet juin jules julia julie julien juliette junior jupiter justin
    justine kangourou karaoke karate karima karine kawasaki kevin killian kiwi koala laboratoire lacoste laetitia
    lafleur laguna laika lambert lampe langouste lapin lapine lapinou larochelle laura laurence laurent laurie lavande
    lavie leana leclerc legende lehavre lemans leon leonard leopard lesbleus leslie lezard liberte licorne lilas
    liliane lille limoges lion lionel lionne lisa litchi livre loana logiciel loic loire london londres lorenzo
    loriane lorient lorraine louane louis louisa louise louisette loulotte loulou loup loupiot louve louveteau lucas
    lucie lucien luciole lumiere lundi lune lutin lyon lyonnais macaron machin macron madagascar madeleine
    mademoiselle madrid magali magicien magique maillot maison maitresse malabar malika maman mamie mamounette mamour
    manchester mandarine mandataire mangue manon marcel marcelle mardi margaux margot marguerite maria mariage
    marianne marie mariechristine marieclaude marielouise marine marinette marion marius marjorie marmotte maroc
    marocain marron mars marseillais marseillaise marseille marthe martin martine martinez martinique maryline massage
    materiel mathieu mathilde matin matrix matthieu maurice maxime mbappe medecin medecine melanie melina meline
    melissa melodie melon mercedes merci mercredi merde meteore metz mexique michel michele micheline mickael mickey
    mimosa minette minou minouche miracle mireille misere moimeme moine moineau momo monamour monange monbebe monchat
    monchaton monchien moncoeur moncompte mondial monespacesante monfils mongarcon monique monkey monlapin
    monmotdepasse monsieur monstre montagne montpellier montreal mortadelle moscou motard motdepasse moto motocross
    mouette moumoune moutarde mouton movistar mulhouse muriel musicien musique mustang myriam myrtille mystere nadege
    nadia nadine nana nancy nantes napoleon napoli narbonne naruto natacha natation nathalie nathan nature neige
    nenuphar neptune nestle neymar nicky nicolas nicole nicoletta nimes ninja nintendo nissan noel noelle noemie
    noireau noisette noisettes nolwenn normandie nougat nounou nounours nouvelle novembre nuage nuages nutella obelix
    ocean oceane octobre odette odile oiseau olive olivia olivier olympique olympiquedemarseille olympiquelyonnais
    opale opera orange oranges orchidee ordinateur orion orleans orphee oscar ouistiti ourson ouvrir pacman pain
    palmier pamela panache pantera panthere paolo papa papaetmaman papamaman papaye papillon papillons papy paques
    paradis parapluie parfait parfum paris parisg parisien parissaintgermain pascal pascale passion password pastaga
    pasteque pastis patapouf patate patates patience patoche patou patrice patricia patrick paul paulette pauline
    paulo peche pechecarpe pelouse peluche penelope perceval perle perpignan perroquet perruche peugeot pharaon
    pharmacie pharmacien philippe philomene phoenix photo photos piano picasso picsou pierre pierrette pierrot pigeon
    pikachu piment pimprenelle pingouin pirate pirates piscine pissenlit pistache pizza pizzaiolo planete plongee
    poisson poissons poitiers pokemon police policier polo pomme pommes pompier pompiers poney pontarlier porsche
    portable portail portugais portugal poseidon poubelle poulet poulette poupee poupette poupoune poussin poussinette
    presidence president princesse princesses printemps prisca projet provence prune prunelle psgparis puce puceron
    pucette puma pupuce pyrenees qsdfgh qsdfghjklm quentin quimper qwerty qwertyuiop qwertz rachel racine radio
    raphael raphaelle rasta ratatouille raton ravioli raymond rebecca reggae regine reglisse reims reine remi remy
    renaissance renard renault rene renee rennes requin reseau reunion reveil ricard richard robert roberto robinson
    roger roland romain romane romantique romeo ronaldo rosalie rose rosemarie roses rossignol rouen rouge roxane
    royal rubis rugby rugbyman russie sabine sabrina sacha safari sagittaire saintdenis saintetienne saintgermain
    saintmalo salade salamandre salut salutsalut samantha samedi samira samouss samuel sandra sandrine sandy sangoku
    santa sante sapin sarah sardine saucisse saucisson saumon sauterelle savane savoie scarabee scorpion sebastien
    secret secretaire secretariat securite seigneur sentinelle septembre serge sergent serveur service severine sexy
    shakira shalimar sherlock simba simon simone simpson singe sirene skateboard snoopy societe soeur solange soleil
    soleils solene solidaire sophie sorciere souris spartacus spiderman stagiaire starwars stephane stephanie
    strasbourg strasbourgeois sucette sucre suisse superman superstar support surf suzanne suzette sylvain sylvestre
    sylviane sylvie sympa table tahiti tamara tania tarte tartiflette tartine tatiana tatoo taupe taureau technique
    telecom telephone television tempete tendresse tennis tequila teresa terminator terre test testtest theatre theo
    theodore therese thibault thierry thomas tigre tigresse tigrou timothee tintin tiphaine titeuf titi titine tomate
    tomates tomtom tonton tornade tortue tortues toto tototo toujours toulon toulousain toulouse touran tourterelle
    toutou toyota tracteur tramway travail tresor trompette tropical trottinette truffe tulipe tulipes tunisie
    tunisien turbo turquie tyrion ulysse univers utilisateur vacances vache vagabond valence valentin valentine
    valerie vampire vanessa vanille vehicule velo vendredi venise veronique versailles vert victoire victor victoria
    vietnam viking vilaine villa village vincent violet violette violon virginie virus vitamine vivelafrance vivelavie
    viveledroit vodka voiture voitures volcan volleyball voyage voyages wanadoo weekend whisky wolfgang wolverine
    xavier yamaha yann yannick yasmina yasmine yohann youcef youssef yves yvette yvonne zebre zebulon zidane zigoto
    zinedine zinedinezidane zoe zorro zouzou
    """.split()  # noqa: SIM905  (one to a line, a list of them would be a module of 1,300 lines)
)
